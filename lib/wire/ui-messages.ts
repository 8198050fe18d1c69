import type { ChatMessage, ToolCall } from "../chat.ts";
import { RelayError } from "../errors.ts";

type Part = Readonly<Record<string, unknown>> & { readonly type: string };

/** A message of the AI SDK's useChat. */
export interface UiMessage {
  readonly role: ChatMessage["role"];
  readonly parts: readonly Part[];
}

const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)?((?:;[\w.+-]+=[^;,]*)*)(;base64)?,/;
const TEXT_TYPE = /^(text\/|application\/(json|xml|yaml|x-yaml|toml|javascript|typescript|sql)\b)/;

/**
 * The messages of Ollama's that a UI message stands for. An assistant's becomes one for each step, and one for each
 * result of a tool between them. What the model thought, our own data parts and sources are not sent back to it.
 * Throws RelayError `bad_request` for a file that is neither an image nor text, or that is not in the message itself
 * (`path` says where): an address elsewhere is never fetched.
 */
export function decodeUiMessage({ role, parts }: UiMessage, path: string): ChatMessage[] {
  const steps = new Steps(role);
  for (const [index, part] of parts.entries()) {
    const { type } = part;
    if (type === "text" && typeof part["text"] === "string") steps.text(part["text"]);
    else if (type === "file") steps.file(readFile(part, `${path}.${index}`));
    else if (type === "step-start") steps.end();
    else if (type === "dynamic-tool" || type.startsWith("tool-")) steps.tool(part);
  }
  return steps.finish();
}

type Attachment = { readonly image: string } | { readonly text: string };

class Steps {
  readonly #role: ChatMessage["role"];
  readonly #messages: ChatMessage[] = [];
  #texts: string[] = [];
  #images: string[] = [];
  #calls: ToolCall[] = [];
  #results: ChatMessage[] = [];

  constructor(role: ChatMessage["role"]) {
    this.#role = role;
  }

  text(text: string): void {
    // Words after a call are said in view of its result.
    if (this.#calls.length > 0) this.end();
    this.#texts.push(text);
  }

  file(attachment: Attachment): void {
    if ("image" in attachment) this.#images.push(attachment.image);
    else this.#texts.push(attachment.text);
  }

  /** A call without its result is not sent: a model cannot go on from it. */
  tool(part: Part): void {
    const { type, toolName, toolCallId, state, input, output, errorText } = part;
    const name = type === "dynamic-tool" ? toolName : type.slice("tool-".length);
    const isDone = state === "output-available" || state === "output-error";
    if (typeof name !== "string" || name === "" || !isDone) return;
    const id = typeof toolCallId === "string" ? toolCallId : undefined;
    const isObject = typeof input === "object" && input !== null && !Array.isArray(input);
    const result = state === "output-error" ? { error: errorText } : output;
    this.#calls.push({ id, function: { name, arguments: isObject ? { ...input } : {} } });
    this.#results.push({
      role: "tool",
      content: typeof result === "string" ? result : (JSON.stringify(result) ?? ""),
      tool_name: name,
      tool_call_id: id,
    });
  }

  end(): void {
    const content = this.#texts.join("\n\n");
    if (content !== "" || this.#images.length > 0 || this.#calls.length > 0) {
      this.#messages.push({
        role: this.#role,
        content,
        images: this.#images.length === 0 ? undefined : this.#images,
        tool_calls: this.#calls.length === 0 ? undefined : this.#calls,
      });
    }
    for (const result of this.#results) this.#messages.push(result);
    this.#texts = [];
    this.#images = [];
    this.#calls = [];
    this.#results = [];
  }

  /** A message that says nothing is one all the same: the one who answers must see that it was there. */
  finish(): ChatMessage[] {
    this.end();
    return this.#messages.length === 0 ? [{ role: this.#role, content: "" }] : this.#messages;
  }
}

function readFile(part: Part, path: string): Attachment {
  const { url, filename } = part;
  const [head, type = "", , isBase64] = (typeof url === "string" && DATA_URL.exec(url)) || [];
  if (typeof url !== "string" || head === undefined) {
    throw refused(path, "a file is taken only as a data: URL");
  }
  const mediaType = typeof part["mediaType"] === "string" ? part["mediaType"] : type;
  const data = url.slice(head.length);
  if (mediaType.startsWith("image/")) {
    if (isBase64 === undefined) throw refused(path, "an image is taken only in base64");
    return { image: data };
  }
  if (!TEXT_TYPE.test(mediaType)) throw refused(path, "only images and text files are taken");
  const text = decodeText(data, isBase64 !== undefined, path);
  return { text: typeof filename === "string" ? `${filename}:\n\n${text}` : text };
}

function decodeText(data: string, isBase64: boolean, path: string): string {
  try {
    if (!isBase64) return decodeURIComponent(data);
    return new TextDecoder().decode(Uint8Array.from(atob(data), (each) => each.charCodeAt(0)));
  } catch {
    throw refused(path, "the file cannot be read");
  }
}

function refused(path: string, reason: string): RelayError {
  return new RelayError("bad_request", { message: `${path}: ${reason}.` });
}
