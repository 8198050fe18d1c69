/** What comes of each, one after the other: what is counted depends on the order. */
export async function inTurn<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const found: Result[] = [];
  for (const item of items) found.push(await work(item));
  return found;
}
