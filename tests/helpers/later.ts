/** Work that handlers left for after their answers, in Next's place. */
const works: Promise<void>[] = [];

/** Stands where Next's `after` stands: does the work at once. */
export function later(work: () => Promise<void>): void {
  works.push(work());
}

/** Waits for all that was left so far. */
export async function settleLater(): Promise<void> {
  await Promise.all(works.splice(0));
}
