import type { Attachment } from "../../lib/store/records.ts";
import { strings } from "../strings/strings.ts";
import type { Tray, TrayOptions } from "./attach/tray.ts";

/** What is said beside the composer: what went wrong, and the one thing to do. */
export interface Trouble {
  readonly message: string;
  readonly fix: string;
}

export type Packed =
  | { readonly kind: "packed"; readonly attachments: readonly Attachment[] }
  /** More than a request may have; nothing was told yet. */
  | { readonly kind: "full" }
  /** A file was refused meanwhile, and that was told. */
  | { readonly kind: "refused" };

interface ShelfOptions {
  /** Loads what makes trays; it is needed with the first file only. */
  readonly load: () => Promise<{
    readonly openTray: (options: Omit<TrayOptions, "encode">) => Tray;
  }>;
}

/** The composer in view. */
interface ShelfView {
  /** Bytes that the conversation in view takes of each request. */
  readonly spentBytes: () => number;
  readonly tell: (trouble: Trouble) => void;
}

/**
 * A tray for the next message of each chat: like its draft, its files wait there while another chat is in view.
 * `subscribe` and `trayOf` are made for useSyncExternalStore.
 */
export class FileShelf {
  readonly #load: ShelfOptions["load"];
  #view: ShelfView | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #trays = new Map<string, Tray>();
  #arriving = Promise.resolve();
  #arrivals = 0;
  #told = 0;

  constructor({ load }: ShelfOptions) {
    this.#load = load;
  }

  /** From now on this composer is told. Returns what ends that. */
  attend(view: ShelfView): () => void {
    this.#view = view;
    return () => {
      if (this.#view === view) this.#view = undefined;
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Undefined while a chat never had files. */
  trayOf(chatKey: string): Tray | undefined {
    return this.#trays.get(chatKey);
  }

  add(chatKey: string, files: readonly File[]): void {
    this.#arrivals += 1;
    this.#arriving = this.#arriving.then(() => this.#take(chatKey, files));
  }

  /** Whether files are there, or on their way. */
  hasFiles(chatKey: string): boolean {
    return this.#arrivals > 0 || (this.trayOf(chatKey)?.read().length ?? 0) > 0;
  }

  /** All files of the chat as they are sent, once they are ready. `text` is asked what goes with them. */
  async pack(chatKey: string, text: () => string): Promise<Packed> {
    const told = this.#told;
    await this.#arriving;
    const attachments = await this.trayOf(chatKey)?.pack(text);
    // That a file is missing from its message is for the person to decide about.
    if (this.#told > told) return { kind: "refused" };
    return attachments === undefined ? { kind: "full" } : { kind: "packed", attachments };
  }

  async #take(chatKey: string, files: readonly File[]): Promise<void> {
    try {
      const tray = this.trayOf(chatKey) ?? (await this.#open(chatKey));
      void tray.add(files);
    } catch {
      // The app that serves this part is gone, or the network is.
      this.#tell(strings.composer.notLoaded);
    } finally {
      this.#arrivals -= 1;
    }
  }

  #tell(trouble: Trouble): void {
    this.#told += 1;
    this.#view?.tell(trouble);
  }

  async #open(chatKey: string): Promise<Tray> {
    const { openTray } = await this.#load();
    const tray = openTray({
      spentBytes: () => this.#view?.spentBytes() ?? 0,
      onRefused: (name, why) => {
        const { message, fix } = strings.composer.refusals[why];
        this.#tell({ message: message(name), fix });
      },
    });
    this.#trays.set(chatKey, tray);
    for (const listener of this.#listeners) listener();
    return tray;
  }
}
