/**
 * The tree of a chat's messages. What is kept may be broken (a write that was cut off, an import), so nothing here
 * trusts that parents exist, that there is one first message or that no message is its own ancestor.
 */
import type { Message } from "./records.ts";

type Children = ReadonlyMap<string | undefined, readonly Message[]>;

/** A message among those that answer the same one. */
export interface Siblings {
  /** With the message itself, the oldest first. */
  readonly messages: readonly Message[];
  /** The place of the message, from 0. */
  readonly index: number;
}

/**
 * The messages from the first one to `leafId`. Without that leaf, or when it is gone: to the newest leaf of all.
 * A parent that is missing ends the way up, and so does one that was already passed.
 */
export function branchOf(messages: readonly Message[], leafId: string | undefined): Message[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const branch = new Map<string, Message>();
  let message = find(byId, leafId) ?? newestLeaf(messages, childrenOf(messages));
  while (message !== undefined && !branch.has(message.id)) {
    branch.set(message.id, message);
    message = find(byId, message.parentId);
  }
  return [...branch.values()].toReversed();
}

/** Those with the same parent as this message; undefined when there is no such message. */
export function siblingsOf(messages: readonly Message[], id: string): Siblings | undefined {
  const message = messages.find((each) => each.id === id);
  if (message === undefined) return undefined;
  const siblings = messages
    .filter(({ parentId }) => parentId === message.parentId)
    .toSorted((one, other) => one.createdAt - other.createdAt);
  return { messages: siblings, index: siblings.indexOf(message) };
}

/** The newest message under this one that has none under it; itself when nothing follows it. */
export function leafUnder(messages: readonly Message[], id: string): Message | undefined {
  const message = messages.find((each) => each.id === id);
  if (message === undefined) return undefined;
  const children = childrenOf(messages);
  const under = new Set([message]);
  // A set is read while it grows, and takes no message twice.
  for (const each of under) {
    for (const child of children.get(each.id) ?? []) under.add(child);
  }
  return newestLeaf([...under], children);
}

function find(byId: ReadonlyMap<string, Message>, id: string | undefined): Message | undefined {
  return id === undefined ? undefined : byId.get(id);
}

function childrenOf(messages: readonly Message[]): Children {
  return Map.groupBy(messages, ({ parentId }) => parentId);
}

/** In a ring nobody is a leaf: then the newest message counts as one. */
function newestLeaf(messages: readonly Message[], children: Children): Message | undefined {
  return newest(messages.filter(({ id }) => !children.has(id))) ?? newest(messages);
}

function newest(messages: readonly Message[]): Message | undefined {
  return messages.reduce<Message | undefined>(
    (best, each) => (best === undefined || each.createdAt >= best.createdAt ? each : best),
    undefined,
  );
}
