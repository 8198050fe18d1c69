/** Any order of coming, leaving and giving back. */
import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  integer,
  nat,
  oneof,
  record,
} from "fast-check";
import { expect, it } from "vitest";
import { Queue, type Lease, type QueuePosition } from "../../../lib/limit/queue.ts";

const CALLERS = ["ann", "ben", "cem"] as const;

interface Visit {
  readonly caller: string;
  readonly controller: AbortController;
  state: "waiting" | "holding" | "over" | "left";
  position?: QueuePosition;
  lease?: Lease;
}

type Step =
  | { readonly kind: "come"; readonly caller: string }
  | { readonly kind: "leave" | "giveBack"; readonly which: number };

const step = oneof(
  {
    weight: 3,
    arbitrary: record({ kind: constantFrom("come" as const), caller: constantFrom(...CALLERS) }),
  },
  {
    weight: 2,
    arbitrary: record({ kind: constantFrom("leave" as const, "giveBack" as const), which: nat() }),
  },
);

/** The queue, and a list of everybody who ever came. */
class Room {
  readonly visits: Visit[] = [];
  readonly #queue: Queue;
  readonly #active: number;

  constructor(active: number) {
    this.#active = active;
    this.#queue = new Queue({ active, waiting: 1_000, waitMs: 60_000, leaseMs: 60_000 });
  }

  having(state: Visit["state"]): Visit[] {
    return this.visits.filter((visit) => visit.state === state);
  }

  async #come(caller: string): Promise<void> {
    const visit: Visit = { caller, controller: new AbortController(), state: "waiting" };
    this.visits.push(visit);
    const onPosition = (position: QueuePosition): void => {
      visit.position = position;
    };
    try {
      visit.lease = await this.#queue.enter(caller, {
        signal: visit.controller.signal,
        onPosition,
      });
      visit.state = "holding";
    } catch {
      visit.state = "left";
    }
  }

  /** The rules that do not hold after it. */
  async do(each: Step): Promise<readonly string[]> {
    const next = this.having("waiting").find(({ position }) => position?.position === 1);
    if (each.kind === "come") {
      void this.#come(each.caller);
    } else if (each.kind === "leave") {
      pick(this.having("waiting"), each.which)?.controller.abort();
    } else {
      const visit = pick(this.having("holding"), each.which);
      if (visit === undefined) return [];
      visit.state = "over";
      visit.lease?.release();
      visit.lease?.release();
    }
    await new Promise(setImmediate);
    const passedOver = each.kind === "giveBack" && next !== undefined && next.state !== "holding";
    return [...this.#brokenRules(), ...(passedOver ? ["who was told to be next was not"] : [])];
  }

  #brokenRules(): readonly string[] {
    const waiting = this.having("waiting");
    const holding = this.having("holding");
    const placeOf = ({ position }: Visit): number => position?.position ?? 0;
    const byPlace = waiting.toSorted((one, other) => placeOf(one) - placeOf(other));
    const rules = {
      "there are no more leases than places": holding.length <= this.#active,
      "no place is empty while somebody waits":
        waiting.length === 0 || holding.length === this.#active,
      "positions run from 1 without a gap": byPlace.every(
        (visit, index) => placeOf(visit) === index + 1,
      ),
      "all know how many wait": waiting.every(({ position }) => position?.of === waiting.length),
      "each caller's own keep their order": CALLERS.every((caller) => {
        const places = waiting.filter((visit) => visit.caller === caller).map(placeOf);
        return places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0));
      }),
    };
    return Object.entries(rules).flatMap(([rule, holds]) => (holds ? [] : [rule]));
  }

  /** Until nobody has a place any more. */
  async empty(): Promise<readonly string[]> {
    const broken: string[] = [];
    while (this.having("holding").length > 0) {
      broken.push(...(await this.do({ kind: "giveBack", which: 0 })));
    }
    return broken;
  }
}

function pick<Each>(all: readonly Each[], which: number): Each | undefined {
  return all[which % Math.max(1, all.length)];
}

it("never gives more places than there are, and serves everybody who stays", async () => {
  const places = integer({ min: 1, max: 3 });
  const holds = asyncProperty(
    places,
    array(step, { maxLength: 60, size: "max" }),
    async (active, steps) => {
      const room = new Room(active);
      for (const each of steps) expect(await room.do(each)).toEqual([]);
      expect(await room.empty()).toEqual([]);
      expect(room.having("waiting")).toEqual([]);
    },
  );
  await assert(holds, { numRuns: 150 });
});

it("lets nobody's first wait for more than one turn of each other caller", async () => {
  const holds = asyncProperty(array(step, { maxLength: 60, size: "max" }), async (steps) => {
    const room = new Room(1);
    for (const each of steps) await room.do(each);
    await room.do({ kind: "come", caller: "dan" });
    const position = room.visits.at(-1)?.position?.position ?? 0;
    expect(position).toBeLessThanOrEqual(CALLERS.length);
    await room.empty();
  });
  await assert(holds, { numRuns: 100 });
});
