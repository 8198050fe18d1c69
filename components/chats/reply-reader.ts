/** What an answer's stream says, part by part: the AI SDK's UI message stream, v1, as far as the app writes it. */
import type { NoticeData, Phase, ReplyMetadata, StatusData } from "../../lib/chat.ts";
import type { EndState, Part, Problem } from "../../lib/store/records.ts";
import { appFailed, readProblem } from "./problem.ts";

export interface ReplyEnd {
  readonly state: EndState;
  readonly problem?: Problem;
}

type Chunk = Readonly<Record<string, unknown>>;

/**
 * Gathers an answer from the chunks of its stream. A stream ends with `finish` or with `error`; one that
 * just stops has no `end`.
 */
export class ReplyReader {
  readonly #onStatus: (status: StatusData) => void;
  /** By the stream's ids of their blocks: where in `parts`; undefined for one in which nothing was said. */
  readonly #blocks = new Map<unknown, number | undefined>();
  #problem: Problem | undefined;
  /** What was said so far; the same array until it grows. */
  parts: readonly Part[] = [];
  metadata: ReplyMetadata = {};
  end: ReplyEnd | undefined;

  constructor(onStatus: (status: StatusData) => void) {
    this.#onStatus = onStatus;
  }

  /**
   * Takes the data of one server-sent event. What comes after the end counts for nothing.
   * @throws SyntaxError when it is no JSON
   */
  take(data: string): void {
    if (this.end !== undefined || data === "[DONE]") return;
    const chunk: unknown = JSON.parse(data);
    if (isRecord(chunk)) this.#read(chunk);
  }

  #read(chunk: Chunk): void {
    if (isRecord(chunk["messageMetadata"])) {
      this.metadata = { ...this.metadata, ...chunk["messageMetadata"] };
    }
    switch (chunk["type"]) {
      case "text-start":
      case "reasoning-start":
        this.#blocks.set(chunk["id"], undefined);
        break;
      case "text-delta":
      case "reasoning-delta":
        this.#grow(chunk["type"] === "text-delta" ? "text" : "thinking", chunk);
        break;
      case "data-notice":
        if (isNotice(chunk["data"])) this.#add({ type: "notice", notice: chunk["data"] });
        break;
      case "data-status":
        if (isStatus(chunk["data"])) this.#onStatus(chunk["data"]);
        break;
      case "data-problem":
        this.#problem = readProblem(chunk["data"]) ?? appFailed();
        break;
      case "error":
        this.end = failed(this.#problem ?? appFailed());
        break;
      case "finish":
        this.end = { state: "done" };
        break;
      default:
      // The ends of blocks say nothing that what follows does not; tools are none of this page's.
    }
  }

  #grow(type: "text" | "thinking", { id, delta }: Chunk): void {
    if (typeof delta !== "string" || !this.#blocks.has(id)) {
      this.end = failed(appFailed());
      return;
    }
    if (delta === "") return;
    const at = this.#blocks.get(id);
    const part = at === undefined ? undefined : this.parts[at];
    if (at !== undefined && part?.type === type) {
      this.parts = this.parts.with(at, { ...part, text: part.text + delta });
    } else {
      this.#blocks.set(id, this.parts.length);
      this.#add({ type, text: delta });
    }
  }

  #add(part: { type: "text" | "thinking"; text: string } | { type: "notice"; notice: NoticeData }) {
    this.parts = [...this.parts, { id: String(this.parts.length), ...part }];
  }
}

/** An answer that did not come to its end: cut in its midst, or failed. */
export function failed(problem: Problem): ReplyEnd {
  return { state: problem.code === "interrupted" ? "interrupted" : "failed", problem };
}

const PHASES: Readonly<Record<Phase, true>> = {
  connecting: true,
  queued: true,
  loading: true,
  reading: true,
  thinking: true,
  writing: true,
};

function isStatus(data: unknown): data is StatusData {
  if (!isRecord(data)) return false;
  const { phase, at } = data;
  return typeof phase === "string" && Object.hasOwn(PHASES, phase) && typeof at === "number";
}

function isNotice(data: unknown): data is NoticeData {
  return isRecord(data) && typeof data["message"] === "string" && "kind" in data;
}

function isRecord(value: unknown): value is Chunk {
  return typeof value === "object" && value !== null;
}
