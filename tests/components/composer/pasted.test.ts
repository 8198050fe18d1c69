import { expect, it } from "vitest";
import { meansFiles } from "../../../components/composer/pasted.ts";

it.each([
  ["text alone is text", [], "hello", false],
  ["a picture copied in a browser", ["image.png"], "", true],
  ["cells of a spreadsheet, with a picture of them", ["image.png"], "1\t2\n3\t4", false],
  ["a file copied in a file manager that adds its name", ["notes.md"], "notes.md", true],
  ["two files, with their paths", ["a.png", "b.txt"], "/home/a.png\r\n/home/b.txt\r\n", true],
  ["a file's name among other words", ["a.png"], "see a.png please", false],
])("%s", (_name, fileNames, text, means) => {
  expect(meansFiles({ fileNames, text })).toBe(means);
});
