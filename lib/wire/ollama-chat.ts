import type { ChatMessage, ChatRequest, Think } from "../chat.ts";

/**
 * The body of POST /api/chat. Always a stream: a long answer that waits as one document times out on the way.
 * `truncate` and `shift` have an Ollama that knows them refuse what it would otherwise drop without a word; an older
 * one ignores them (WIRE.md, two generations).
 * @param think undefined for a model that cannot think: Ollama refuses the field then
 */
export function encodeChatRequest(
  request: ChatRequest,
  model: string,
  think: Think | undefined,
  messages: readonly ChatMessage[] = request.messages,
): string {
  const { format, tools, keepAlive, options } = request;
  return JSON.stringify({
    model,
    messages,
    stream: true,
    truncate: false,
    shift: false,
    think,
    format,
    tools,
    keep_alive: keepAlive,
    options: Object.keys(options).length === 0 ? undefined : options,
  });
}
