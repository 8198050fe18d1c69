import { beforeEach, describe, expect, it } from "vitest";
import { Tray } from "../../../components/composer/attach/tray.ts";
import { FileShelf, type Trouble } from "../../../components/composer/file-shelf.ts";
import { strings } from "../../../components/strings/strings.ts";

const textFile = (name: string): File => new File([`words of ${name}`], name);

describe("the shelf", () => {
  let told: Trouble[];
  let loaded: number;
  let shelf: FileShelf;

  beforeEach(() => {
    told = [];
    loaded = 0;
    shelf = new FileShelf({
      load: async () => {
        loaded += 1;
        return { openTray: (options) => new Tray({ ...options, encode: async () => undefined }) };
      },
    });
    shelf.attend({ spentBytes: () => 0, tell: (trouble) => told.push(trouble) });
  });
  const namesIn = async (chatKey: string) => {
    const packed = await shelf.pack(chatKey, () => "");
    return packed.kind === "packed" ? packed.attachments.map(({ name }) => name) : packed.kind;
  };

  it("loads nothing before the first file, and counts a file that is on its way", () => {
    expect([loaded, shelf.hasFiles("a")]).toEqual([0, false]);
    shelf.add("a", [textFile("1")]);
    expect(shelf.hasFiles("a")).toBe(true);
  });

  it("keeps the files of each chat apart", async () => {
    shelf.add("a", [textFile("1")]);
    shelf.add("b", [textFile("2")]);
    shelf.add("a", [textFile("3")]);
    expect(await namesIn("a")).toEqual(["1", "3"]);
    expect(await namesIn("b")).toEqual(["2"]);
  });

  it("does not pack what lacks a file that was refused while Send waited", async () => {
    shelf.add("a", [textFile("1"), new File([], "nothing")]);
    expect(await namesIn("a")).toBe("refused");
    expect(told).toMatchObject([{ message: strings.composer.refusals.empty.message("nothing") }]);
    expect(await namesIn("a")).toEqual(["1"]);
  });

  it("says when its late part does not load, and tries again with the next files", async () => {
    let works = false;
    shelf = new FileShelf({
      load: async () => {
        if (!works) throw new TypeError("offline");
        return { openTray: (options) => new Tray({ ...options, encode: async () => undefined }) };
      },
    });
    shelf.attend({ spentBytes: () => 0, tell: (trouble) => told.push(trouble) });
    shelf.add("a", [textFile("1")]);
    expect(await namesIn("a")).toBe("refused");
    expect(told).toEqual([strings.composer.notLoaded]);
    works = true;
    shelf.add("a", [textFile("2")]);
    expect(await namesIn("a")).toEqual(["2"]);
  });
});
