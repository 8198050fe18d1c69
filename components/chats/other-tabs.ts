const NAME = "latchkey-stop";

/** The other tabs of this browser, as far as answers in progress go. */
export class OtherTabs {
  #channel: BroadcastChannel | undefined;

  /** `onStop`: somebody pressed Stop in a tab that only shows the answer of this chat. */
  constructor(onStop: (chatId: string) => void) {
    this.#channel = openChannel();
    this.#channel?.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      if (typeof data === "string") onStop(data);
    });
  }

  stop(chatId: string): void {
    this.#channel?.postMessage(chatId);
  }
}

function openChannel(): BroadcastChannel | undefined {
  // Where the page is made there are no tabs, and an open channel would keep a process alive.
  if (typeof document === "undefined") return undefined;
  try {
    return new BroadcastChannel(NAME);
  } catch {
    // Missing, or refused to a page without an origin of its own.
    return undefined;
  }
}
