/** What a Next.js app with the AI SDK does in place of this relay: `streamText` with Ollama's own provider. */
import {
  convertToModelMessages,
  createUIMessageStreamResponse,
  streamText,
  toUIMessageStream,
  type UIMessage,
} from "ai";
import { createOllama } from "ollama-ai-provider-v2";

export async function POST(request: Request): Promise<Response> {
  const { messages }: { messages: UIMessage[] } = await request.json();
  const ollama = createOllama({
    baseURL: `${process.env["OLLAMA_BASE_URL"]}/api`,
    headers: { "x-api-key": process.env["OLLAMA_API_KEY"] ?? "" },
  });
  const result = streamText({
    model: ollama("bench:latest"),
    messages: await convertToModelMessages(messages),
    abortSignal: request.signal,
  });
  return createUIMessageStreamResponse({ stream: toUIMessageStream({ stream: result.stream }) });
}
