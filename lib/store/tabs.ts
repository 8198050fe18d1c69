import type { StoreChange } from "./store.ts";

export type Told = Omit<StoreChange, "own">;

/** What the tabs of this browser tell each other of changed chats; nothing where the browser has no such channel. */
export class Tabs {
  #channel: BroadcastChannel | undefined;

  constructor(name: string, listener: (told: Told) => void) {
    this.#channel = openChannel(name);
    this.#channel?.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      // A tab may have another version of the app.
      if (isTold(data)) listener(data);
    });
  }

  /** Whether every change in another tab comes to be heard of. */
  get areHeard(): boolean {
    return this.#channel !== undefined;
  }

  tell(told: Told): void {
    this.#channel?.postMessage(told);
  }

  close(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }
}

function openChannel(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name);
  } catch {
    // Missing, or refused to a page without an origin of its own.
    return undefined;
  }
}

function isTold(data: unknown): data is Told {
  return (
    typeof data === "object" &&
    data !== null &&
    "chatId" in data &&
    typeof data.chatId === "string" &&
    "kind" in data &&
    (data.kind === "saved" || data.kind === "deleted")
  );
}
