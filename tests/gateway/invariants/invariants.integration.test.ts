import { beforeAll, describe, expect, it } from "vitest";
import {
  INVARIANTS,
  invariantNames,
  SERVER_KINDS,
  type ServerKind,
} from "../../../gateway/invariants.ts";
import { faultTable } from "../../faults/report.ts";
import { ALL_WELL, type Cell, type Matrix, tell, tryAll } from "./matrix.ts";
import { both, instead } from "./mutants.ts";
import { KINDS, servers } from "./servers.ts";

const present = SERVER_KINDS.filter((kind) => KINDS[kind].part !== undefined);
const rows = invariantNames().map((name) => ({ name, why: INVARIANTS[name].why }));

describe.skipIf(present.length === 0)("every door holds, and a mutant lacks", () => {
  let matrix: Matrix = [];
  const note = faultTable(
    "What every door holds",
    SERVER_KINDS.map((kind) => KINDS[kind].title),
  );

  beforeAll(async () => {
    matrix = await tryAll(present);
    const version = async (kind: ServerKind): Promise<string> =>
      present.includes(kind) ? (await servers[kind]()).version : "none here";
    note(["version", ...(await Promise.all(SERVER_KINDS.map(version)))]);
    for (const { name } of rows) {
      note([name, ...SERVER_KINDS.map((kind) => tell(matrix, name, kind))]);
    }
  });

  describe.each(present)("%s", (kind) => {
    it.each(rows)("$name: $why", ({ name }) => {
      expect(tell(matrix, name, kind)).toMatch(ALL_WELL);
    });
  });
});

describe("a cell of the table", () => {
  const name = "no-upgrade";
  const kind = "nginx";
  const cell = (mutants: [string, string | undefined][], wrong?: string): Cell => ({
    kind,
    name,
    mutants: new Map(mutants),
    ...(wrong === undefined ? {} : { wrong }),
  });

  it("is well when all mutants are caught", () => {
    expect(tell([cell([["a", "seen"]])], name, kind)).toBe("ok, 1 mutant caught");
    expect(ALL_WELL.test("ok, 1 mutant caught")).toBe(true);
  });

  it.each([
    ["the door fails", [cell([["a", "seen"]], "an answer")]],
    [
      "a mutant survives",
      [
        cell([
          ["a", "seen"],
          ["b", undefined],
        ]),
      ],
    ],
    ["there is no mutant", [cell([])]],
    ["it was not tried", []],
  ])("is not when %s", (_, matrix) => {
    expect(tell(matrix, name, kind)).not.toMatch(ALL_WELL);
  });
});

describe("changes", () => {
  it("are refused when they change nothing, or only half of what they should", () => {
    const half = both(instead("there", "gone"), instead("missing", "gone"));
    expect(() => half.config?.("what is there")).toThrow("changed nothing");
    expect(half.config?.("what is there and missing")).toBe("what is gone and gone");
  });
});
