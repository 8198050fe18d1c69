import { expect } from "vitest";
import { z } from "zod";
import type { Capability, Point, Probe, Seen } from "./client.ts";
import type { Cut } from "./engines.ts";
import { TEXTS } from "./question.ts";
import { type Site, watch } from "./site.ts";

type Checks = {
  readonly [Name in Capability]: (probe: Probe<Seen[Name]>, site: Site) => Promise<void>;
};

/** Nobody's, but of the right form. */
const WRONG_KEY = "w".repeat(43);

/**
 * Our words for it, however a client wraps them; or fetch's, for a client that heeds nothing but a connection that
 * breaks.
 */
const BROKEN_OFF =
  /The answer broke off before its end\.|Ollama failed while it worked on this\.|TypeError: terminated/u;

const vectors = z.array(z.array(z.number()));

/** A point before a model whose answer has no end. */
function endlessPoint({ point: newPoint, engine }: Site): Point {
  const point = newPoint();
  return { ...point, models: { ...point.models, answer: engine.endlessModel } };
}

/** What the engine says to the same question when nothing is in between. */
async function embedDirectly({ engine }: Site): Promise<readonly (readonly number[])[]> {
  const response = await fetch(`${engine.url}/api/embed`, {
    method: "POST",
    body: JSON.stringify({ model: engine.models.embed, input: TEXTS }),
  });
  return z.object({ embeddings: vectors }).parse(await response.json()).embeddings;
}

async function breakOff(cut: Cut, probe: Probe<unknown>, site: Site): Promise<void> {
  using held = new DisposableStack();
  held.use(site.engine.endless());
  held.use(cut.prepare?.());
  const point = endlessPoint(site);
  const asking = probe(point).then(() => "took it for an answer", String);
  // A client that fails before it has asked says why.
  await Promise.race([point.begun(), asking]);
  await cut.strike?.();
  const told = expect.stringMatching(BROKEN_OFF);
  expect([cut.name, await asking]).toStrictEqual([cut.name, told]);
}

/** What makes each capability one that a person would call working. */
export const CHECKS: Checks = {
  chat: async (probe, { point, engine }) => {
    expect(await probe(point())).toContain(engine.words.answer);
  },
  stream: async (probe, site) => {
    using held = new DisposableStack();
    held.use(site.engine.slowly());
    const pieces: string[] = [];
    const asked = watch(site.engine);
    let isEarly: boolean | undefined;
    const tell = (piece: string): void => {
      if (piece === "") return;
      isEarly ??= asked().at(-1)?.isEnded === false;
      pieces.push(piece);
    };
    await probe({ ...site.point(), tell });
    expect(pieces.join("")).toContain(site.engine.words.answer);
    expect(pieces.length).toBeGreaterThan(3);
    // The engine still had something to say.
    expect(isEarly).toBe(true);
  },
  tools: async (probe, { point, engine }) => {
    const { name, input, text } = await probe(point());
    expect([name, input]).toStrictEqual(["get_weather", { city: "Seoul", unit: "celsius" }]);
    expect(text).toContain(engine.words.told);
  },
  thinking: async (probe, { point, engine }) => {
    const { thinking, text } = await probe(point());
    expect(thinking).toContain(engine.words.thought);
    expect(text).toContain(engine.words.answer);
    expect(text).not.toContain(engine.words.thought);
  },
  structured: async (probe, { point }) => {
    expect(await probe(point())).toStrictEqual({ city: "Seoul", degrees: 21 });
  },
  embeddings: async (probe, site) => {
    const got = await probe(site.point());
    const wanted = await embedDirectly(site);
    expect(got.map(({ length }) => length)).toStrictEqual(wanted.map(({ length }) => length));
    got.forEach((vector, index) => {
      const distance = vector.map((value, at) => value - (wanted[index]?.[at] ?? Infinity));
      expect(Math.hypot(...distance)).toBeLessThan(1e-5);
    });
  },
  abort: async (probe, site) => {
    using held = new DisposableStack();
    held.use(site.engine.endless());
    const point = endlessPoint(site);
    await probe(point);
    expect(await point.left()).toBe(true);
  },
  "wrong key": async (probe, site) => {
    const asked = watch(site.engine);
    expect(await probe({ ...site.point(), key: WRONG_KEY })).toBe(401);
    expect(asked()).toStrictEqual([]);
  },
  limit: async (probe, site) => {
    const asked = watch(site.engine);
    expect(await probe(await site.spentPoint())).toBe(429);
    expect(asked()).toStrictEqual([]);
  },
  cut: async (probe, site) => {
    for (const cut of site.engine.cuts) await breakOff(cut, probe, site);
  },
};
