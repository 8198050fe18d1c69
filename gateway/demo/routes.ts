import { anthropicMessages } from "./anthropic.ts";
import { openaiModel, openaiModels, ps, root, show, tags, version } from "./catalogue.ts";
import { ollamaEmbed, ollamaEmbeddings, openaiEmbeddings } from "./embed.ts";
import type { Engine } from "./engine.ts";
import type { Exchange } from "./exchange.ts";
import { ollamaChat } from "./ollama-chat.ts";
import { ollamaGenerate } from "./ollama-generate.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiCompletions } from "./openai-completions.ts";
import { openaiResponses } from "./responses.ts";
import type { Surface } from "./surface.ts";
import { ANTHROPIC, OLLAMA, OPENAI } from "./surface.ts";

/** Answers a request. `name` is the last segment of a path that ends in `/*`, decoded. */
type Handler = (engine: Engine, exchange: Exchange, name: string) => void | Promise<void>;

export interface Route {
  readonly methods: readonly string[];
  readonly surface: Surface;
  readonly handle: Handler;
}

const GET = ["GET"];
const GET_AND_HEAD = ["GET", "HEAD"];
const POST = ["POST"];

const ROUTES: Readonly<Record<string, Route>> = {
  "/": { methods: GET_AND_HEAD, surface: OLLAMA, handle: root },
  "/api/version": { methods: GET_AND_HEAD, surface: OLLAMA, handle: version },
  "/api/tags": { methods: GET_AND_HEAD, surface: OLLAMA, handle: tags },
  "/api/ps": { methods: GET, surface: OLLAMA, handle: ps },
  "/api/show": { methods: POST, surface: OLLAMA, handle: show },
  "/api/chat": { methods: POST, surface: OLLAMA, handle: ollamaChat },
  "/api/generate": { methods: POST, surface: OLLAMA, handle: ollamaGenerate },
  "/api/embed": { methods: POST, surface: OLLAMA, handle: ollamaEmbed },
  "/api/embeddings": { methods: POST, surface: OLLAMA, handle: ollamaEmbeddings },
  "/v1/models": { methods: GET, surface: OPENAI, handle: openaiModels },
  "/v1/models/*": { methods: GET, surface: OPENAI, handle: openaiModel },
  "/v1/chat/completions": { methods: POST, surface: OPENAI, handle: openaiChat },
  "/v1/completions": { methods: POST, surface: OPENAI, handle: openaiCompletions },
  "/v1/embeddings": { methods: POST, surface: OPENAI, handle: openaiEmbeddings },
  "/v1/responses": { methods: POST, surface: OPENAI, handle: openaiResponses },
  "/v1/messages": { methods: POST, surface: ANTHROPIC, handle: anthropicMessages },
};

/** The route of a path (without its query), and what stood for the `*`. */
export function findRoute(path: string): { route: Route; name: string } | undefined {
  const exact = Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined;
  if (exact !== undefined) return { route: exact, name: "" };
  const [, parent = "", name = ""] = /^(.*)\/([^/*]+)$/u.exec(path) ?? [];
  const below = Object.hasOwn(ROUTES, `${parent}/*`) ? ROUTES[`${parent}/*`] : undefined;
  return below && { route: below, name: decodeName(name) };
}

/** A segment of a path; one that is badly escaped stays as it was sent. */
function decodeName(segment: string): string {
  return /%(?![0-9a-f]{2})/iu.test(segment) ? segment : decodeURIComponent(segment);
}
