import { beforeEach, describe, expect, it } from "vitest";
import { MOST_IMAGES, REQUEST_BYTES } from "../../../components/composer/attach/budget.ts";
import { Tray } from "../../../components/composer/attach/tray.ts";

const JPEG = Buffer.from("\xff\xd8\xff\xe0", "latin1");
const imageFile = (name: string): File => new File([JPEG], name);
const textFile = (name: string, text: string): File => new File([text], name);

describe("the tray", () => {
  /** Base64 bytes that a picture wants to have. */
  let wanted: number;
  let spent: number;
  let refused: [name: string, why: string][];
  let tray: Tray;

  beforeEach(() => {
    wanted = 500_000;
    spent = 0;
    refused = [];
    tray = new Tray({
      encode: async (_file, mostBytes) => {
        const head = "data:image/jpeg;base64,";
        const url = head + "A".repeat(Math.min(wanted, mostBytes));
        return { url, mediaType: "image/jpeg", width: 4, height: 3 };
      },
      spentBytes: () => spent,
      onRefused: (name, why) => refused.push([name, why]),
    });
  });
  const names = () => tray.read().map(({ name }) => name);
  const total = () => tray.read().reduce((sum, { ready }) => sum + (ready?.bytes ?? 0), 0);

  it("shows a file at once, and prepares it after", async () => {
    const added = tray.add([textFile("a.md", "# A")]);
    expect(tray.read()).toMatchObject([{ name: "a.md" }]);
    expect(tray.read()[0]?.ready).toBeUndefined();
    await added;
    const attachment = { kind: "text", name: "a.md", mediaType: "text/plain", data: "# A" };
    expect(tray.read()[0]?.ready?.attachment).toMatchObject(attachment);
  });

  it("keeps the order of files, waits for all of them, and sends nothing that was taken away", async () => {
    void tray.add([imageFile("1.jpg"), textFile("2.txt", "two"), imageFile("3.jpg")]);
    tray.remove(tray.read()[1]?.id ?? "");
    const packed = await tray.pack(() => "");
    expect(packed?.map(({ name }) => name)).toEqual(["1.jpg", "3.jpg"]);
  });

  it("makes pictures smaller when others come, until all go into one request", async () => {
    await tray.add(Array.from({ length: MOST_IMAGES }, (_, index) => imageFile(`${index}.jpg`)));
    expect(names()).toHaveLength(MOST_IMAGES);
    expect(total()).toBeLessThan(REQUEST_BYTES);
    expect(total()).toBeGreaterThan(REQUEST_BYTES * 0.95);
    expect(refused).toEqual([]);
  });

  it("counts the conversation so far, and makes room for the text of the message", async () => {
    spent = 3_000_000;
    await tray.add([imageFile("1.jpg"), imageFile("2.jpg")]);
    const before = total();
    expect(before).toBeLessThan(1_000_000);
    const text = "x".repeat(600_000);
    expect(await tray.pack(() => text)).toHaveLength(2);
    expect(total() + text.length + spent).toBeLessThan(REQUEST_BYTES);
  });

  it("refuses what finds no room, and keeps what has it", async () => {
    await tray.add([imageFile("1.jpg")]);
    spent = 3_960_000;
    await tray.add([textFile("long.txt", "x".repeat(100_000))]);
    expect(refused).toEqual([["long.txt", "noRoom"]]);
    expect(names()).toEqual(["1.jpg"]);
  });

  it("does not pack what is too much with its text, and loses nothing", async () => {
    await tray.add([textFile("a.txt", "x".repeat(900_000))]);
    expect(await tray.pack(() => "y".repeat(3_000_000))).toBeUndefined();
    expect(names()).toEqual(["a.txt"]);
  });

  it("takes no seventeenth picture", async () => {
    wanted = 1000;
    await tray.add(Array.from({ length: 17 }, (_, index) => imageFile(`${index}.jpg`)));
    expect(refused).toEqual([["16.jpg", "tooMany"]]);
  });

  it.each([
    ["an empty file", new File([], "a"), "empty"],
    ["a document", new File(["%PDF-1.7"], "a"), "pdf"],
    ["an archive", new File([Buffer.from("PK\x03\x04\0\0")], "a"), "unknownKind"],
    ["a text that is too long", textFile("a", "x".repeat(1_000_001)), "textTooLong"],
  ])("says why it does not take %s", async (_name, file, why) => {
    await tray.add([file]);
    expect(refused).toEqual([["a", why]]);
    expect(tray.read()).toEqual([]);
  });

  it("takes words that begin like a picture for the text they are", async () => {
    const blind = new Tray({
      encode: async () => undefined,
      spentBytes: () => 0,
      onRefused: (name, why) => refused.push([name, why]),
    });
    await blind.add([textFile("a.txt", "GIF89a is a format"), imageFile("b.jpg")]);
    expect((await blind.pack(() => ""))?.map(({ kind }) => kind)).toEqual(["text"]);
    expect(refused).toEqual([["b.jpg", "imageUnknown"]]);
  });
});
