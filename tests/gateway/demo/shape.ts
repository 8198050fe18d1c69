import { isFields } from "../../../gateway/demo/json.ts";

/** Fields whose strings are part of the protocol and not of one answer. */
const EXACT = new Set([
  "type",
  "object",
  "role",
  "done_reason",
  "finish_reason",
  "stop_reason",
  "status",
  "owned_by",
  "system_fingerprint",
  "tool_choice",
  "truncation",
  "service_tier",
  "error",
  "message",
  "input",
  "partial_json",
]);

/** Fields whose strings may be JSON themselves. */
const HOLDS_JSON = new Set(["error", "message", "arguments", "partial_json"]);

/** An id without what is random in it. */
function idShape(id: string): string {
  return id
    .replace(/^call_[a-z0-9]{8}$/u, "call_#")
    .replace(/_[0-9a-f]{24}$/u, "_HEX")
    .replace(/(?<=[-_])\d+/gu, "N");
}

function stringShape(key: string, value: string): string {
  if (HOLDS_JSON.has(key) && value.startsWith("{")) return `json(${shapeOf(key, parse(value))})`;
  if (key === "model" || key === "id" || key === "item_id") {
    return value.endsWith(":latest") ? "NAME:latest" : idShape(value);
  }
  if (key === "request_id") return idShape(value);
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/u.test(value)) return "timestamp";
  if (EXACT.has(key)) return JSON.stringify(value.replaceAll(/\d{3,}/gu, "N"));
  return value === "" ? "empty" : "text";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return `not JSON: ${text}`;
  }
}

/**
 * A JSON value as a line of text that keeps names, order, types and protocol words, and forgets
 * the rest. A run of like items in a list counts as one.
 */
function shapeOf(key: string, value: unknown): string {
  if (typeof value === "string") return stringShape(key, value);
  if (Array.isArray(value)) {
    return `[${collapse(value.map((item) => shapeOf(key, item))).join(" ")}]`;
  }
  if (!isFields(value)) return typeof value === "number" ? "number" : String(value);
  const fields = Object.entries(value);
  // Arguments of tool calls are a map in Go: their order is that of chance.
  const ordered = key === "arguments" || key === "partial_json" ? fields.toSorted(byName) : fields;
  return `{${ordered.map(([name, inner]) => `${name}:${shapeOf(name, inner)}`).join(", ")}}`;
}

function byName([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1;
}

function collapse(shapes: readonly string[]): string[] {
  return shapes.filter((shape, index) => shape !== shapes[index - 1]);
}

function eventShape(block: string): string {
  const lines = block.split("\n").map((line) => {
    const data = line.startsWith("data: ") ? line.slice("data: ".length) : undefined;
    if (data === undefined || data === "[DONE]") return line;
    return `data: ${shapeOf("", parse(data))}`;
  });
  return lines.join(" | ");
}

/** The records of a body in their order, each by its shape; repeated ones once. */
export function bodyShape(contentType: string | undefined, text: string): string[] {
  if (contentType === "application/x-ndjson") {
    const lines = text.split("\n").slice(0, -1);
    return collapse(lines.map((line) => shapeOf("", parse(line))));
  }
  if (contentType === "text/event-stream") {
    return collapse(text.split("\n\n").slice(0, -1).map(eventShape));
  }
  if (contentType?.startsWith("application/json") === true) {
    return [shapeOf("", parse(text)), text.endsWith("\n") ? "line end" : "no line end"];
  }
  return [text];
}
