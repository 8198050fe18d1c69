/** The address of a chat: `/c/ID`, or `/` where nothing was said yet. */
const CHAT_PATH = /^\/c\/([A-Za-z0-9_-]{1,64})$/u;

/** The chat that an address names; undefined for every other page. */
export function chatIdOf(pathname: string): string | undefined {
  return CHAT_PATH.exec(pathname)?.[1];
}

function addressOf(chatId: string | undefined): string {
  return chatId === undefined ? "/" : `/c/${chatId}`;
}

/** Makes the address bar tell which chat is in view; `replace` where going back should not lead here. */
export function showAddress(chatId: string | undefined, how: "push" | "replace" = "push"): void {
  const address = addressOf(chatId);
  if (location.pathname === address) return;
  // Next watches these calls, and keeps its own notes in the entry's state.
  if (how === "push") history.pushState(null, "", address);
  else history.replaceState(null, "", address);
}
