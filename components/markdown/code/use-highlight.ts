import { startTransition, useEffect, useState } from "react";
import { idleQueue } from "../idle-queue.ts";
import { Kept } from "../kept.ts";
import type { Pieces } from "./highlight.ts";

/** Longer ones stay plain: reading them would hold the page up, idle or not. */
const LONGEST = 20_000;

interface Highlighted {
  readonly key: string;
  readonly pieces: Pieces;
}

const kept = new Kept<Highlighted>(120);
let highlighter: typeof import("./highlight.ts") | undefined;

/**
 * The pieces of a block of code, once there are any: its language must be known, and the block closed,
 * since each further line would colour it anew. They are sought when the page is idle.
 */
export function useHighlight(
  source: string,
  language: string,
  closed: boolean,
): Pieces | undefined {
  const key = `${language}\n${source}`;
  const wanted = closed && language !== "" && source.length <= LONGEST;
  const [found, setFound] = useState(() => (wanted ? kept.get(key) : undefined));
  const current = found?.key === key ? found : undefined;
  const missing = wanted && current === undefined;
  useEffect(() => {
    if (!missing) return undefined;
    let callOff: (() => void) | undefined;
    let active = true;
    const seek = () => {
      if (!active) return;
      callOff = idleQueue.add(() => {
        const pieces = kept.get(key)?.pieces ?? highlighter?.highlight(source, language);
        if (pieces === undefined) return;
        const result = { key, pieces };
        kept.set(key, result);
        startTransition(() => setFound(result));
      });
    };
    // Without the grammar, offline for one, the code is as readable as before.
    load(language).then(seek, () => undefined);
    return () => {
      active = false;
      callOff?.();
    };
  }, [missing, key, source, language]);
  return current?.pieces;
}

async function load(language: string): Promise<void> {
  highlighter ??= await import("./highlight.ts");
  await highlighter.loadLanguage(language);
}
