/** The same with the SDK's provider for whatever speaks OpenAI's dialect, as Ollama does at /v1. */
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import {
  convertToModelMessages,
  createUIMessageStreamResponse,
  streamText,
  toUIMessageStream,
  type UIMessage,
} from "ai";

export async function POST(request: Request): Promise<Response> {
  const { messages }: { messages: UIMessage[] } = await request.json();
  const ollama = createOpenAICompatible({
    name: "ollama",
    baseURL: `${process.env["OLLAMA_BASE_URL"]}/v1`,
    headers: { "x-api-key": process.env["OLLAMA_API_KEY"] ?? "" },
    includeUsage: true,
  });
  const result = streamText({
    model: ollama("bench:latest"),
    messages: await convertToModelMessages(messages),
    abortSignal: request.signal,
  });
  return createUIMessageStreamResponse({ stream: toUIMessageStream({ stream: result.stream }) });
}
