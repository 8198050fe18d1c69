import { expect, it } from "vitest";
import { besideButton } from "../../../components/sidebar/menu-place.ts";

const view = { width: 320, height: 600 };
const menu = { width: 180, height: 170 };
const button = (left: number, top: number) => ({ left, top, right: left + 40, bottom: top + 40 });

it.each([
  ["below its button, their right edges in line", button(230, 100), view, { left: 90, top: 144 }],
  ["above where there is no room below", button(230, 500), view, { left: 90, top: 326 }],
  ["not beyond the left edge", button(10, 100), view, { left: 4, top: 144 }],
  [
    "in view where there is room on neither side",
    button(230, 90),
    { width: 320, height: 220 },
    { left: 90, top: 46 },
  ],
])("a menu opens %s", (_, place, window, expected) => {
  expect(besideButton(place, menu, window)).toEqual(expected);
});
