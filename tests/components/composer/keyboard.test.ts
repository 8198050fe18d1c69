import { expect, it } from "vitest";
import { coveredHeight } from "../../../components/composer/keyboard.ts";

it.each([
  ["no keyboard", 800, { height: 800, scale: 1 }, 0],
  ["a toolbar that came", 800, { height: 716, scale: 1 }, 0],
  ["a keyboard", 800, { height: 464.4, scale: 1 }, 336],
  ["zoomed in, no keyboard", 800, { height: 400, scale: 2 }, 0],
  ["zoomed in, with a keyboard", 800, { height: 232, scale: 2 }, 336],
])("%s", (_name, layoutHeight, visible, covered) => {
  expect(coveredHeight(layoutHeight, visible)).toBe(covered);
});
