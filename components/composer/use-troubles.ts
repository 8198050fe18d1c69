import { useState } from "react";
import type { Trouble } from "./file-shelf.ts";

export interface Troubles {
  readonly told: readonly Trouble[];
  readonly tell: (trouble: Trouble) => void;
  readonly dismiss: () => void;
}

/** What went wrong since the last message was sent, the newest last, each once. */
export function useTroubles(): Troubles {
  const [told, setTold] = useState<readonly Trouble[]>([]);
  const [{ tell, dismiss }] = useState(() => ({
    tell: (trouble: Trouble) =>
      setTold((before) => [
        ...before.filter(({ message }) => message !== trouble.message),
        trouble,
      ]),
    dismiss: () => setTold((before) => (before.length === 0 ? before : [])),
  }));
  return { told, tell, dismiss };
}
