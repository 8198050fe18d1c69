/** The links to chats in an element, as they are seen from top to bottom. */
export function linksIn(root: HTMLElement | null): readonly HTMLElement[] {
  return Array.from(root?.querySelectorAll<HTMLElement>("a[data-chat]") ?? []);
}

/** The link to a chat; undefined where it is not in the element. */
export function linkOf(root: HTMLElement | null, chatId: string): HTMLElement | undefined {
  return linksIn(root).find((link) => link.dataset["chat"] === chatId);
}

/** The link that takes the place of this one when it goes: the next, else the one before. */
export function neighbourOf(root: HTMLElement | null, chatId: string): HTMLElement | undefined {
  const links = linksIn(root);
  const at = links.findIndex((link) => link.dataset["chat"] === chatId);
  return links[at + 1] ?? links[at - 1];
}

const NEXT: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at, count) => Math.min(at + 1, count - 1),
  ArrowUp: (at) => at - 1,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/**
 * Where a key leads from one of the links (or the button beside it): to another link, or `above` the first one.
 * Undefined: the key is not for this.
 */
export function linkByKey(
  root: HTMLElement | null,
  from: Element,
  key: string,
): HTMLElement | "above" | undefined {
  const links = linksIn(root);
  const at = links.findIndex((link) => link.parentElement?.contains(from));
  const next = at < 0 ? undefined : NEXT[key]?.(at, links.length);
  return next === undefined ? undefined : (links[next] ?? "above");
}
