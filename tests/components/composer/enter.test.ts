import { describe, expect, it } from "vitest";
import { enterMeaning, type EnterPress } from "../../../components/composer/enter.ts";

const PLAIN: EnterPress = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };

describe("Enter", () => {
  it.each([
    ["sends", {}, false, "send"],
    ["with Shift starts a line", { shiftKey: true }, false, "new-line"],
    ["with Alt starts a line", { altKey: true }, false, "new-line"],
    ["on glass starts a line", {}, true, "new-line"],
    ["with Ctrl sends on glass too", { ctrlKey: true }, true, "send"],
    ["with Cmd sends on glass too", { metaKey: true }, true, "send"],
    ["with Ctrl and Shift sends", { ctrlKey: true, shiftKey: true }, false, "send"],
  ] as const)("%s", (_name, keys, onGlass, meaning) => {
    expect(enterMeaning({ ...PLAIN, ...keys }, onGlass)).toBe(meaning);
  });
});
