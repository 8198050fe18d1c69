import { expect, it } from "vitest";
import { isSearchShortcut } from "../../../components/sidebar/search-shortcut.ts";

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false };
const K = { ...none, key: "k", code: "KeyK" };

it.each([
  ["Ctrl+K", { ...K, ctrlKey: true }, false, true],
  ["Ctrl+K with caps lock", { ...K, key: "K", ctrlKey: true }, false, true],
  ["Cmd+K on a Mac", { ...K, metaKey: true }, true, true],
  ["Ctrl+K on a Mac, which cuts a line", { ...K, ctrlKey: true }, true, false],
  ["the Windows key and K", { ...K, metaKey: true }, false, false],
  ["K alone", K, false, false],
  ["Ctrl+Shift+K", { ...K, ctrlKey: true, shiftKey: true }, false, false],
  ["Ctrl+Alt+K", { ...K, ctrlKey: true, altKey: true }, false, false],
  ["Ctrl+K while composing", { ...K, ctrlKey: true, isComposing: true }, false, false],
  ["Ctrl and the key K of a Korean layout", { ...K, key: "ㅏ", ctrlKey: true }, false, true],
  ["Ctrl and the key T of Dvorak, where K was", { ...K, key: "t", ctrlKey: true }, false, false],
  ["Ctrl and Dvorak's own K", { ...K, code: "KeyV", ctrlKey: true }, false, true],
])("%s", (_, event, apple, asks) => {
  expect(isSearchShortcut(event, apple)).toBe(asks);
});
