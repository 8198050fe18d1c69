import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { barePng } from "../../../components/composer/attach/bare-png.ts";
import { kindOf } from "../../../components/composer/attach/file-kind.ts";
import { LONGEST_EDGE, scalePlan } from "../../../components/composer/attach/scale-plan.ts";
import { readText } from "../../../components/composer/attach/text-look.ts";

const bytes = (latin1: string): Uint8Array => Buffer.from(latin1, "latin1");

describe("a file's kind by its bytes", () => {
  it.each([
    ["png", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"],
    ["image", "\xff\xd8\xff\xe1\0\x10Exif"],
    ["image", "GIF89a\x01\0"],
    ["image", "RIFF\n\0\0\nWEBPVP8 "],
    ["image", "\0\0\0\x18ftypheic\0\0\0\0"],
    ["image", "\0\0\0\x1cftypavif\0\0\0\0"],
    ["pdf", "%PDF-1.7"],
    ["unknown", "\0\0\0\x18ftypmp42"],
    ["unknown", "# About WEBP"],
    ["unknown", "RIFF\n\0\0\0WAVEfmt "],
    ["unknown", ""],
  ])("%s: %j", (kind, head) => {
    expect(kindOf(bytes(head))).toBe(kind);
  });
});

describe("a text file", () => {
  it.each([
    ["UTF-8", Buffer.from("열쇠 🗝"), "열쇠 🗝"],
    ["UTF-8 with its mark", Buffer.from("\uFEFFkey"), "key"],
    ["UTF-16, little end first", Buffer.from("\uFEFF열쇠", "utf16le"), "열쇠"],
    ["UTF-16, big end first", Buffer.from("\uFEFF열쇠", "utf16le").swap16(), "열쇠"],
    ["nothing", Buffer.alloc(0), ""],
  ])("is read: %s", (_name, file, text) => {
    expect(readText(file)).toBe(text);
  });

  it.each([
    ["bytes that are no UTF-8", bytes("caf\xe9")],
    ["a NUL among letters", bytes("a\0b")],
    ["UTF-16 without its mark", Buffer.from("key", "utf16le")],
    ["UTF-16 that ends in half a character", bytes("\xff\xfeA")],
  ])("is none: %s", (_name, file) => {
    expect(readText(file)).toBeUndefined();
  });
});

describe("the sizes that are tried", () => {
  it("begin with the longest edge that models see, and keep the shape", () => {
    expect(scalePlan(4000, 3000)[0]).toEqual({ width: 1568, height: 1176, quality: 0.86 });
    expect(scalePlan(3000, 4000)[0]).toMatchObject({ width: 1176, height: 1568 });
  });

  it("enlarge nothing", () => {
    expect(scalePlan(300, 200)).toHaveLength(3);
    expect(scalePlan(300, 200)[0]).toMatchObject({ width: 300, height: 200 });
    expect(scalePlan(LONGEST_EDGE, 10)[0]).toMatchObject({ width: LONGEST_EDGE, height: 10 });
  });

  it("fall, quality first, and never to nothing", () => {
    const plan = scalePlan(20_000, 2);
    for (const [index, { width, height, quality }] of plan.slice(1).entries()) {
      const before = plan[index];
      const falls = width < (before?.width ?? 0) || quality < (before?.quality ?? 0);
      expect([falls, height >= 1]).toEqual([true, true]);
    }
    expect(plan.at(-1)?.width).toBe(320);
  });
});

describe("a PNG file", () => {
  const chunk = (name: string, data: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(name, "latin1"), data, Buffer.alloc(4)]);
  };
  const head = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  const header = chunk("IHDR", Buffer.alloc(13));
  const pixels = chunk("IDAT", deflateSync(Buffer.alloc(2)));
  const end = chunk("IEND", Buffer.alloc(0));

  it("goes without what tells of its maker, and without what is glued to it", () => {
    const told = [
      chunk("eXIf", Buffer.from("GPS")),
      chunk("tEXt", Buffer.from("Author")),
      chunk("iTXt", Buffer.from("XML:com.adobe.xmp")),
    ];
    const glued = Buffer.from("PK secret");
    const file = Buffer.concat([head, header, ...told, pixels, end, glued]);
    expect(Buffer.from(barePng(file) ?? [])).toEqual(Buffer.concat([head, header, pixels, end]));
  });

  it("that is cut short, or whose chunk is longer than the file, is none", () => {
    expect(barePng(Buffer.concat([head, header, pixels]))).toBeUndefined();
    const long = chunk("IDAT", Buffer.alloc(4));
    long.writeUInt32BE(0xffff_fff0);
    expect(barePng(Buffer.concat([head, header, long, end]))).toBeUndefined();
  });
});
