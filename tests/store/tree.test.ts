import { assert, constantFrom, nat, option, property, record, uniqueArray } from "fast-check";
import { describe, expect, it } from "vitest";
import type { Message } from "../../lib/store/records.ts";
import { branchOf, leafUnder, siblingsOf } from "../../lib/store/tree.ts";
import { messageOf } from "./messages.ts";

/** `a1<q1@3`: the message a1 under q1, made at 3. */
function messagesOf(lines: string): Message[] {
  return lines.split(" ").map((line) => {
    const [, id = "", parentId, time] = /^(\w+)(?:<(\w+))?@(\d+)$/u.exec(line) ?? [];
    return messageOf(id, id, {
      createdAt: Number(time),
      ...(parentId === undefined ? {} : { parentId }),
    });
  });
}

const TREE = messagesOf("q1@1 a1<q1@2 q2<a1@3 a2<q2@4 a3<q1@5 q3<a3@6 b1@7 b2<b1@8 a4<q2@9");
const RING = messagesOf("x<z@1 y<x@2 z<y@3 tail<x@4");

const idsOf = (messages: readonly Message[]): string => messages.map(({ id }) => id).join(" ");

describe("the branch in view", () => {
  it.each([
    ["a2", "q1 a1 q2 a2"],
    ["a1", "q1 a1"],
    ["b2", "b1 b2"],
    ["gone", "q1 a1 q2 a4"],
    [undefined, "q1 a1 q2 a4"],
  ])("to %s is %s", (leafId, branch) => {
    expect(idsOf(branchOf(TREE, leafId))).toBe(branch);
  });

  it("of an empty chat is empty", () => {
    expect(branchOf([], "a")).toEqual([]);
  });

  it("begins where a parent is missing", () => {
    expect(idsOf(branchOf(messagesOf("a<gone@1 b<a@2"), "b"))).toBe("a b");
  });

  it("goes once round a ring", () => {
    expect(idsOf(branchOf(RING, "tail"))).toBe("y z x tail");
    expect(idsOf(branchOf(RING.slice(0, 3), undefined))).toBe("x y z");
  });

  it("ends, holds no message twice, and each is the answer to the one before it, whatever is kept", () => {
    const id = constantFrom("a", "b", "c", "d", "e", "f");
    const message = record({ id, parentId: option(id, { nil: undefined }), createdAt: nat(9) }).map(
      ({ parentId, ...rest }) =>
        messageOf(rest.id, "", { ...rest, ...(parentId === undefined ? {} : { parentId }) }),
    );
    const messages = uniqueArray(message, { selector: (each) => each.id, minLength: 1 });
    assert(
      property(messages, id, (all, leafId) => {
        const branch = branchOf(all, leafId);
        const last = branch.at(-1)?.id ?? "";
        expect(new Set(idsOf(branch).split(" ")).size).toBe(branch.length);
        expect(branch.slice(1).map(({ parentId }) => parentId)).toEqual(
          branch.slice(0, -1).map((each) => each.id),
        );
        expect(last).toBe(all.some((each) => each.id === leafId) ? leafId : last);
        const leaf = leafUnder(all, last);
        expect(all).toContain(leaf);
        expect(siblingsOf(all, last)?.messages[siblingsOf(all, last)?.index ?? -1]?.id).toBe(last);
      }),
    );
  });
});

describe("siblings", () => {
  it.each([
    ["a1", "a1 a3", 0],
    ["a3", "a1 a3", 1],
    ["q1", "q1 b1", 0],
    ["q2", "q2", 0],
  ])("of %s are %s", (id, ids, index) => {
    const siblings = siblingsOf(TREE, id);
    expect(idsOf(siblings?.messages ?? [])).toBe(ids);
    expect(siblings?.index).toBe(index);
  });

  it("of a message that is not there are none", () => {
    expect(siblingsOf(TREE, "gone")).toBeUndefined();
  });
});

describe("the newest leaf under", () => {
  it.each([
    ["q1", "a4"],
    ["a3", "q3"],
    ["a2", "a2"],
    ["b1", "b2"],
  ])("%s is %s", (id, leaf) => {
    expect(leafUnder(TREE, id)?.id).toBe(leaf);
  });

  it("a ring is its tail, or the newest of it", () => {
    expect(leafUnder(RING, "y")?.id).toBe("tail");
    expect(leafUnder(RING.slice(0, 3), "y")?.id).toBe("z");
  });

  it("a message that is not there is none", () => {
    expect(leafUnder(TREE, "gone")).toBeUndefined();
  });
});
