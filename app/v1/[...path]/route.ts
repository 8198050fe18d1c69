import { after, type NextRequest } from "next/server";
import { answerOptions, relaySurface } from "../../../lib/relay/surface.ts";

/** OpenAI's and Anthropic's surfaces: each path is Ollama's own. */
function relay(request: NextRequest): Promise<Response> {
  return relaySurface(request, request.nextUrl.pathname, after);
}

export function OPTIONS(request: NextRequest): Promise<Response> {
  return answerOptions(request, request.nextUrl.pathname);
}

export { relay as DELETE, relay as GET, relay as PATCH, relay as POST, relay as PUT };
