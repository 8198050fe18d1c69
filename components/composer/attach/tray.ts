import type { Attachment } from "../../../lib/store/records.ts";
import { newId } from "../../chats/new-id.ts";
import {
  bytesAsSent,
  fitInto,
  LEAST_IMAGE_BYTES,
  MOST_IMAGES,
  roomBeside,
  type Fit,
} from "./budget.ts";
import { takeFile, type Encode, type Refusal, type TakenFile } from "./take-file.ts";

/** A file that is to go with the next message. */
export interface TrayItem {
  readonly id: string;
  readonly name: string;
  /** Absent while it is being prepared. */
  readonly ready?: {
    readonly attachment: Attachment;
    /** Bytes in the request. */
    readonly bytes: number;
    /** Pixels of an image as it is sent. */
    readonly size?: { readonly width: number; readonly height: number };
  };
}

export interface TrayOptions {
  readonly encode: Encode;
  /** Bytes that the conversation so far takes of each request. */
  readonly spentBytes: () => number;
  /** Told of each file that is not taken, at once. */
  readonly onRefused: (name: string, why: Refusal) => void;
}

/** The files of the message that is being written. `subscribe` and `read` are made for useSyncExternalStore. */
export class Tray {
  readonly #options: TrayOptions;
  readonly #listeners = new Set<() => void>();
  /** What pictures were made from: they may have to become smaller when others come. */
  readonly #files = new Map<string, File>();
  #items: readonly TrayItem[] = [];
  /** Files whose turn has not come. */
  #waiting = 0;
  /** One file after the other: pictures take memory, and their order stays. */
  #work: Promise<void> = Promise.resolve();

  constructor(options: TrayOptions) {
    this.#options = options;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly read = (): readonly TrayItem[] => this.#items;

  /** Takes files in; resolves when each is ready or refused. */
  add(files: readonly File[]): Promise<void> {
    for (const file of files) {
      const id = newId();
      this.#files.set(id, file);
      this.#change([...this.#items, { id, name: file.name }]);
      this.#waiting += 1;
      this.#work = this.#work.then(() => this.#prepare(id, file));
    }
    return this.#work;
  }

  readonly remove = (id: string): void => {
    this.#files.delete(id);
    this.#change(this.#items.filter((item) => item.id !== id));
  };

  /** What is sent: all files, as small as it takes beside the text that there is then. Undefined: that cannot be done. */
  async pack(text: () => string): Promise<readonly Attachment[] | undefined> {
    const packed = this.#work.then(() => this.#makeFit(text()));
    this.#work = packed.then(() => undefined);
    if (!(await packed)) return undefined;
    return this.#items.flatMap(({ ready }) => ready?.attachment ?? []);
  }

  clear(): void {
    this.#files.clear();
    this.#change([]);
  }

  async #prepare(id: string, file: File): Promise<void> {
    this.#waiting -= 1;
    await this.#take(id, file);
    // Once for all that came together: each round makes pictures anew.
    while (this.#waiting === 0 && !(await this.#makeFit(""))) {
      const newest = this.#items.findLast(({ ready }) => ready !== undefined);
      if (newest === undefined) return;
      this.#refuse(newest.id, "noRoom");
    }
  }

  async #take(id: string, file: File): Promise<void> {
    // Taken away before its turn came.
    if (!this.#files.has(id)) return;
    const room = roomBeside(this.#options.spentBytes(), "");
    const taken = await takeFile(file, Math.max(room, LEAST_IMAGE_BYTES), this.#options.encode);
    if (!this.#files.has(id)) return;
    if (taken.kind === "refused") return this.#refuse(id, taken.why);
    if (taken.kind === "image" && this.#count("image") >= MOST_IMAGES) {
      return this.#refuse(id, "tooMany");
    }
    this.#put(id, taken);
  }

  /** Makes the largest pictures smaller until all has room beside a text; false where it has none. */
  async #makeFit(text: string): Promise<boolean> {
    const fit = this.#fit(text);
    if (fit.kind !== "shrink") return fit.kind === "fits";
    for (const { id, ready } of this.#items) {
      const file = this.#files.get(id);
      if (file === undefined || ready?.attachment.kind !== "image") continue;
      if (ready.bytes <= fit.imageBytes) continue;
      // The head of its URL and its envelope count as well.
      const envelope = bytesAsSent({ kind: "image", data: "data:image/jpeg;base64," });
      const image = await this.#options.encode(file, fit.imageBytes - envelope);
      if (image !== undefined && this.#files.has(id)) this.#put(id, { kind: "image", image });
    }
    return this.#fit(text).kind === "fits";
  }

  #fit(text: string): Fit {
    const room = roomBeside(this.#options.spentBytes(), text);
    return fitInto(room, this.#sizes("text"), this.#sizes("image"));
  }

  #sizes(kind: Attachment["kind"]): number[] {
    return this.#items.flatMap(({ ready }) => (ready?.attachment.kind === kind ? ready.bytes : []));
  }

  #count(kind: Attachment["kind"]): number {
    return this.#sizes(kind).length;
  }

  #put(id: string, taken: Exclude<TakenFile, { kind: "refused" }>): void {
    this.#change(
      this.#items.map((item) => (item.id === id ? { ...item, ready: readyOf(item, taken) } : item)),
    );
  }

  #refuse(id: string, why: Refusal): void {
    const name = this.#items.find((item) => item.id === id)?.name ?? "";
    this.remove(id);
    this.#options.onRefused(name, why);
  }

  #change(items: readonly TrayItem[]): void {
    this.#items = items;
    for (const listener of this.#listeners) listener();
  }
}

function readyOf(
  { id, name }: TrayItem,
  taken: Exclude<TakenFile, { kind: "refused" }>,
): NonNullable<TrayItem["ready"]> {
  if (taken.kind === "text") {
    const { kind, mediaType, text } = taken;
    const attachment: Attachment = { id, kind, name, mediaType, data: text };
    return { attachment, bytes: bytesAsSent(attachment) };
  }
  const { url, mediaType, width, height } = taken.image;
  const attachment: Attachment = { id, kind: "image", name, mediaType, data: url };
  return { attachment, bytes: bytesAsSent(attachment), size: { width, height } };
}
