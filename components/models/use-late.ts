import { useEffect, useState } from "react";

export type Late<Part> =
  | { readonly state: "waiting" | "failed" }
  | { readonly state: "here"; readonly part: Part };

/**
 * A part of the page that is loaded when it is first wanted. Where that fails, the page stays whole and it is tried
 * again the next time it is wanted.
 */
export function useLate<Part>(load: () => Promise<Part>, wanted: boolean): Late<Part> {
  const [late, setLate] = useState<Late<Part>>({ state: "waiting" });
  useEffect(() => {
    if (!wanted) return undefined;
    let left = false;
    const fetchPart = async () => {
      const next = await loaded(load);
      if (!left) setLate(next);
    };
    void fetchPart();
    return () => {
      left = true;
    };
  }, [load, wanted]);
  return late;
}

async function loaded<Part>(load: () => Promise<Part>): Promise<Late<Part>> {
  try {
    return { state: "here", part: await load() };
  } catch {
    return { state: "failed" };
  }
}
