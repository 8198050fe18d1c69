import { after, type NextRequest } from "next/server";
import { answerOptions, relaySurface } from "../../../lib/relay/surface.ts";

const PREFIX = "/ollama";

/** Ollama's own surface: what stands after the prefix is its path. */
function pathOf(request: NextRequest): string {
  return request.nextUrl.pathname.slice(PREFIX.length) || "/";
}

function relay(request: NextRequest): Promise<Response> {
  return relaySurface(request, pathOf(request), after);
}

export function OPTIONS(request: NextRequest): Promise<Response> {
  return answerOptions(request, pathOf(request));
}

export { relay as DELETE, relay as GET, relay as PATCH, relay as POST, relay as PUT };
