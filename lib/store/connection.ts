import { openDB } from "idb";
import {
  DATABASE_NAME,
  DATABASE_VERSION,
  migrate,
  type ChatSchema,
  type Database,
} from "./database.ts";
import type { StoreTrouble } from "./store.ts";

/** Browsers have been seen to never answer an opening; the page does not wait longer than this for its chats. */
const OPENING_MS = 3000;

/** After a refusal the browser is not asked again before this. */
const RETRY_MS = 5000;

export interface ConnectionOptions {
  readonly name?: string;
  readonly openingMs?: number;
  readonly retryMs?: number;
}

/** Why the database could not be used this time. */
export class DatabaseTrouble extends Error {
  readonly trouble: StoreTrouble;

  constructor(trouble: StoreTrouble, cause?: unknown) {
    super(`The browser's database cannot be used: ${trouble}`, { cause });
    this.trouble = trouble;
  }
}

/** The open database, opened again when the browser took it away. */
export class Connection {
  readonly #name: string;
  readonly #openingMs: number;
  readonly #retryMs: number;
  #database: Database | undefined;
  #opening: Promise<Database> | undefined;
  /** The opening takes so long that nobody waits for it any more. */
  #late = false;
  #refusedAt = Number.NEGATIVE_INFINITY;
  /** Another tab has a newer version, or this store was closed: for good. */
  #over: StoreTrouble | undefined;

  constructor({
    name = DATABASE_NAME,
    openingMs = OPENING_MS,
    retryMs = RETRY_MS,
  }: ConnectionOptions = {}) {
    this.#name = name;
    this.#openingMs = openingMs;
    this.#retryMs = retryMs;
  }

  /** Called when an opening that nobody waited for has come to a good end after all. */
  onLateOpening: () => void = () => undefined;

  /** Called when a newer version in another tab has taken the database over. */
  onNewer: () => void = () => undefined;

  /** Called when the connection is gone, and what was in the database may be gone with it. */
  onLost: () => void = () => undefined;

  /**
   * What the work makes of the database. A connection that broke is opened again, once.
   *
   * @throws DatabaseTrouble
   */
  async use<Value>(work: (database: Database) => Promise<Value>): Promise<Value> {
    try {
      return await work(await this.#open());
    } catch (error) {
      if (error instanceof DatabaseTrouble) throw error;
      if (isQuota(error)) throw new DatabaseTrouble("full", error);
      this.#drop();
    }
    try {
      return await work(await this.#open());
    } catch (error) {
      if (error instanceof DatabaseTrouble) throw error;
      if (isQuota(error)) throw new DatabaseTrouble("full", error);
      this.#drop();
      this.#refusedAt = performance.now();
      throw new DatabaseTrouble("refused", error);
    }
  }

  close(): void {
    this.#over ??= "refused";
    this.#drop();
  }

  async #open(): Promise<Database> {
    if (this.#over !== undefined) throw new DatabaseTrouble(this.#over);
    if (this.#database !== undefined) return this.#database;
    if (this.#late || performance.now() - this.#refusedAt < this.#retryMs) {
      throw new DatabaseTrouble("refused");
    }
    this.#opening ??= this.#begin().finally(() => {
      this.#opening = undefined;
      this.#late = false;
    });
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      this.#late = this.#opening !== undefined;
      reject(new DatabaseTrouble("refused"));
    }, this.#openingMs);
    try {
      return await Promise.race([this.#opening, promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** @throws DatabaseTrouble */
  async #begin(): Promise<Database> {
    try {
      // Where the browser has no IndexedDB, this throws as well. An older tab that does not give way (`blocked`)
      // makes the opening late, no more: it goes through as soon as that tab is gone.
      const database = await openDB<ChatSchema>(this.#name, DATABASE_VERSION, {
        upgrade: (upgraded, oldVersion, _version, transaction) => {
          // Its failure fails the opening as well, and is told there.
          transaction.done.catch(() => undefined);
          migrate(upgraded, oldVersion);
        },
        blocking: (_present, wanted) => this.#giveWay(wanted),
        terminated: () => this.#drop(),
      });
      return this.#keep(database);
    } catch (error) {
      if (error instanceof DatabaseTrouble) throw error;
      if (nameOf(error) === "VersionError") this.#over = "newer";
      this.#refusedAt = performance.now();
      throw new DatabaseTrouble(this.#over ?? "refused", error);
    }
  }

  #keep(database: Database): Database {
    if (this.#over !== undefined) {
      database.close();
      throw new DatabaseTrouble(this.#over);
    }
    this.#database = database;
    if (this.#late) queueMicrotask(() => this.onLateOpening());
    return database;
  }

  /** A tab that deletes the database wants no version: then it is opened anew when it is next used. */
  #giveWay(wanted: number | null): void {
    this.#drop();
    if (wanted === null) return;
    this.#over = "newer";
    this.onNewer();
  }

  #drop(): void {
    this.#database?.close();
    this.#database = undefined;
    this.onLost();
  }
}

function isQuota(error: unknown): boolean {
  return nameOf(error) === "QuotaExceededError";
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}
