import { DatabaseTrouble, type Connection } from "./connection.ts";
import type { Database } from "./database.ts";
import { listChats, readChat, sweep, writeDraft, writeEdit } from "./disk.ts";
import {
  DELETION,
  editedKept,
  inOrder,
  NO_EDIT,
  join,
  restoring,
  saving,
  type ChatEdit,
  type KeptChat,
} from "./edits.ts";
import { Listeners } from "./listeners.ts";
import { Outbox } from "./outbox.ts";
import type { ChatSummary, Message, StoredChat } from "./records.ts";
import { isUnfinished, livingAnswers, settle } from "./recover.ts";
import { Remembered } from "./remembered.ts";
import type { Search } from "./search.ts";
import type { ChatStore, FoundChat, StoreChange, StoreTrouble } from "./store.ts";
import type { Tabs, Told } from "./tabs.ts";

/** A chat that this tab deleted: what undoing brings back, and what late writes of an answer are added to. */
interface Grave {
  before: KeptChat | undefined;
  rest: ChatEdit;
  draft: string;
}

interface Surroundings {
  readonly connection: Connection;
  readonly search: Search;
  readonly openTabs: (listener: (told: Told) => void) => Tabs;
}

/** Chats in the browser's database, with what could not be written there in memory. */
export class BrowserChatStore implements ChatStore {
  readonly #connection: Connection;
  readonly #search: Search;
  readonly #tabs: Tabs;
  readonly #listeners = new Listeners<StoreChange | undefined>();
  readonly #remembered = new Remembered();
  readonly #outbox: Outbox;
  readonly #graves = new Map<string, Grave>();
  /** Deleted in other tabs: what is still written to them is dropped. */
  readonly #gone = new Set<string>();
  #trouble: StoreTrouble | undefined;

  constructor({ connection, search, openTabs }: Surroundings) {
    this.#connection = connection;
    this.#search = search;
    this.#tabs = openTabs((told) => this.#hear(told));
    this.#outbox = new Outbox({
      edit: (chatId, edit) => this.#deliver(chatId, edit),
      draft: async (key, text) =>
        (await this.#onDisk((database) => writeDraft(database, key, text))) !== undefined,
    });
    connection.onNewer = () => this.#setTrouble("newer");
    connection.onLost = () => this.#remembered.doubtAll();
    connection.onLateOpening = () => void this.#flush();
  }

  /** Resolves when the database is open, or will not be. */
  async open(): Promise<void> {
    await this.#onDisk(async () => undefined);
    this.#search.warm();
  }

  get trouble(): StoreTrouble | undefined {
    return this.#trouble;
  }

  readonly subscribe = (listener: (change: StoreChange | undefined) => void): (() => void) =>
    this.#listeners.add(listener);

  async list(): Promise<readonly ChatSummary[]> {
    return inOrder((await this.#chats()).values());
  }

  async read(chatId: string): Promise<KeptChat | undefined> {
    const kept = await this.#read(chatId);
    if (kept === undefined || !kept.messages.some(isUnfinished)) return kept;
    const living = await livingAnswers();
    // An answer that ended meanwhile has let go of its lock after its last write: that is read now.
    const again = await this.#read(chatId);
    return again && { ...again, messages: settle(again.messages, living) };
  }

  save(chat: StoredChat, messages: readonly Message[]): Promise<void> {
    return this.#edit(chat.id, saving(chat, messages));
  }

  rename(chatId: string, title: string): Promise<void> {
    return this.#edit(chatId, { ...NO_EDIT, title });
  }

  pin(chatId: string, pinned: boolean): Promise<void> {
    return this.#edit(chatId, { ...NO_EDIT, pinned });
  }

  async delete(chatId: string): Promise<() => Promise<void>> {
    const draft = await this.readDraft(chatId);
    const grave: Grave = { before: undefined, rest: this.#outbox.edit(chatId), draft };
    this.#graves.set(chatId, grave);
    this.#outbox.addDraft(chatId, "");
    await this.#change(chatId, DELETION);
    return async () => {
      if (this.#graves.get(chatId) === grave) await this.#undelete(chatId, grave);
    };
  }

  async empty(): Promise<void> {
    for (const { id } of await this.list()) {
      // What is still written to it, of an answer that is being stopped, must not bring it back.
      this.#graves.set(id, { before: undefined, rest: NO_EDIT, draft: "" });
      this.#note(id, DELETION);
    }
    const drafts = await this.#onDisk((database) => database.getAllKeys("drafts"));
    const waiting = this.#outbox.draftKeys();
    for (const key of [...(drafts?.value ?? []), ...waiting]) this.#outbox.addDraft(key, "");
    await this.#flush();
  }

  async search(words: string, limit?: number): Promise<readonly FoundChat[]> {
    // A search at every key stroke does not read all chats anew.
    const chats = this.#remembered.isListed
      ? this.#remembered.chatsWith(this.#outbox.edits())
      : await this.#chats();
    return this.#search.search(chats.values(), words, limit);
  }

  async readDraft(key: string): Promise<string> {
    const waiting = this.#outbox.draft(key);
    if (waiting !== undefined) return waiting;
    const kept = await this.#onDisk((database) => database.get("drafts", key));
    return this.#outbox.draft(key) ?? kept?.value ?? "";
  }

  async saveDraft(key: string, text: string): Promise<void> {
    const grave = this.#graves.get(key);
    // What was written a moment before its chat was deleted comes a moment after.
    if (grave !== undefined) grave.draft = text;
    else if (!this.#gone.has(key)) {
      this.#outbox.addDraft(key, text);
      await this.#flush();
    }
  }

  close(): void {
    this.#listeners.clear();
    this.#search.close();
    this.#tabs.close();
    this.#connection.close();
  }

  async #chats(): Promise<ReadonlyMap<string, StoredChat>> {
    const edits = this.#outbox.edits();
    const since = this.#since();
    const kept = await this.#onDisk(listChats);
    if (kept !== undefined) this.#remembered.putAll(kept.value, since);
    return this.#remembered.chatsWith(edits);
  }

  async #read(chatId: string): Promise<KeptChat | undefined> {
    const edit = this.#outbox.edit(chatId);
    const kept = await this.#onDisk((database) => readChat(database, chatId));
    if (kept === undefined) return editedKept(this.#remembered.read(chatId), edit);
    if (kept.value !== undefined) {
      this.#remembered.putOpened(kept.value);
      this.#gone.delete(chatId);
    }
    return editedKept(kept.value, edit);
  }

  async #edit(chatId: string, edit: ChatEdit): Promise<void> {
    const grave = this.#graves.get(chatId);
    if (grave !== undefined) grave.rest = join(grave.rest, edit);
    else if (!this.#gone.has(chatId)) await this.#change(chatId, edit);
  }

  async #change(chatId: string, edit: ChatEdit): Promise<void> {
    this.#note(chatId, edit);
    await this.#flush();
  }

  #note(chatId: string, edit: ChatEdit): void {
    this.#outbox.add(chatId, edit);
    this.#search.put(chatId, [...edit.messages.values()]);
    const kind = edit === DELETION ? "deleted" : "saved";
    const renamed = edit.title === undefined ? {} : { renamed: edit.title };
    this.#listeners.tell({ chatId, kind, own: true, ...renamed });
  }

  async #undelete(chatId: string, grave: Grave): Promise<void> {
    // After this the deletion is either written or was refused, and none is under way.
    await this.#outbox.flush();
    if (this.#graves.get(chatId) !== grave) return;
    this.#graves.delete(chatId);
    this.#outbox.drop(chatId);
    if (grave.draft !== "") this.#outbox.addDraft(chatId, grave.draft);
    // Where the deletion was refused, the chat is still there, and only what was to be written to it comes back.
    const whole = grave.before && editedKept(grave.before, grave.rest);
    await this.#change(chatId, whole === undefined ? grave.rest : restoring(whole));
  }

  async #flush(): Promise<void> {
    await this.#outbox.flush();
    if (this.#outbox.isEmpty) this.#setTrouble(undefined);
  }

  /** Whether the edit is done with. */
  async #deliver(chatId: string, edit: ChatEdit): Promise<boolean> {
    const since = this.#since();
    const wasSeen = this.#remembered.wasSeen(chatId);
    const written = await this.#onDisk((database) => {
      const current = this.#remembered.current(chatId);
      return writeEdit(database, chatId, edit, { wasSeen, current });
    });
    if (written === undefined) return false;
    const { before, chat } = written.value;
    if (chat !== undefined) {
      this.#remembered.putWritten(chat, edit, since);
      this.#tabs.tell({ chatId, kind: "saved" });
    } else if (edit.deleted === true) {
      this.#remembered.forget(chatId);
      const grave = this.#graves.get(chatId);
      if (grave !== undefined) grave.before ??= before;
      this.#tabs.tell({ chatId, kind: "deleted" });
    } else if (wasSeen) {
      this.#hear({ chatId, kind: "deleted" });
    }
    return true;
  }

  async #onDisk<Value>(
    work: (database: Database) => Promise<Value>,
  ): Promise<{ readonly value: Value } | undefined> {
    try {
      return { value: await this.#connection.use(work) };
    } catch (error) {
      this.#setTrouble(error instanceof DatabaseTrouble ? error.trouble : "refused");
      return undefined;
    }
  }

  /** The version of what is remembered, where it counts what other tabs do. */
  #since(): number | undefined {
    return this.#tabs.areHeard ? this.#remembered.version : undefined;
  }

  /** What happened in another tab. */
  #hear({ chatId, kind }: Told): void {
    const wasWritten = this.#remembered.doubt(chatId);
    if (kind === "deleted") {
      if (wasWritten) void this.#onDisk((database) => sweep(database, chatId));
      this.#gone.add(chatId);
      this.#outbox.drop(chatId);
      this.#remembered.forget(chatId);
    } else {
      this.#gone.delete(chatId);
      this.#search.markStale(chatId);
    }
    this.#listeners.tell({ chatId, kind, own: false });
  }

  #setTrouble(trouble: StoreTrouble | undefined): void {
    // A newer version in another tab is for good.
    if (this.#trouble === trouble || this.#trouble === "newer") return;
    this.#trouble = trouble;
    this.#listeners.tell(undefined);
  }
}
