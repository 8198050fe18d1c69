import { describe, expect, it } from "vitest";
import { Openness } from "../../../components/sidebar/openness.ts";

function make(given: { wide: boolean; folded?: boolean }) {
  const place = { wide: given.wide, folded: given.folded ?? false, cross: () => undefined as void };
  let followers = 0;
  const openness = new Openness({
    isWide: () => place.wide,
    onWidth: (listener) => {
      followers += 1;
      place.cross = listener;
      return () => (followers -= 1);
    },
    readFolded: () => place.folded,
    writeFolded: (folded) => (place.folded = folded),
  });
  const leave = openness.subscribe(() => undefined);
  const resize = (wide: boolean) => {
    place.wide = wide;
    place.cross();
  };
  return { openness, place, resize, leave, followers: () => followers };
}

describe("the list of chats", () => {
  it.each([
    [{ wide: true, folded: false }, true],
    [{ wide: true, folded: true }, false],
    [{ wide: false, folded: false }, false],
    [{ wide: false, folded: true }, false],
  ])("begins as %j: open is %s", (given, open) => {
    expect(make(given).openness.read()).toMatchObject({ wide: given.wide, open });
  });

  it("remembers that a column was folded, not that a drawer was closed", () => {
    const column = make({ wide: true });
    column.openness.toggle();
    expect([column.openness.read().open, column.place.folded]).toEqual([false, true]);
    column.openness.toggle();
    expect([column.openness.read().open, column.place.folded]).toEqual([true, false]);
    const drawer = make({ wide: false });
    drawer.openness.toggle();
    drawer.openness.toggle();
    expect([drawer.openness.read().open, drawer.place.folded]).toEqual([false, false]);
  });

  it("leaves no drawer behind when the width is crossed, and no column", () => {
    const { openness, resize } = make({ wide: false, folded: true });
    openness.set(true);
    resize(true);
    expect(openness.read()).toMatchObject({ wide: true, open: false });
    openness.set(true);
    resize(false);
    expect(openness.read()).toMatchObject({ wide: false, open: false });
    resize(true);
    expect(openness.read()).toMatchObject({ wide: true, open: true });
  });

  it("opens for a search, and tells of each", () => {
    const { openness } = make({ wide: false });
    openness.search();
    openness.search();
    expect(openness.read()).toEqual({ wide: false, open: true, searchAsked: 2 });
  });

  it("follows the width only while somebody looks", () => {
    const { openness, leave, followers } = make({ wide: true });
    const second = openness.subscribe(() => undefined);
    expect(followers()).toBe(1);
    leave();
    expect(followers()).toBe(1);
    second();
    expect(followers()).toBe(0);
  });
});
