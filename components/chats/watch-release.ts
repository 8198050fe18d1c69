import type { Release } from "../../lib/store/records.ts";
import { loadRelease } from "../late.ts";

/** Tells what becomes known of a request after Stop. Never rejects. */
export async function watchRelease(
  requestId: string,
  onRelease: (release: Release) => void,
): Promise<void> {
  try {
    const { followRelease } = await loadRelease();
    // Whoever asked may look at another chat by now; the answer is told to its own chat all the same.
    const { signal } = new AbortController();
    for await (const release of followRelease({ requestId, signal })) onRelease(release);
  } catch {
    // The part of the page that asks did not load: nothing more is known.
    onRelease({ state: "unknown" });
  }
}
