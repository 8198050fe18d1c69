/**
 * The names that the home side and the web side agree on: paths, header names, caps.
 * Imports nothing, so that `gateway/` can use it on plain Node without Next.
 */

/** The header that carries the door's key, from the app to the door. */
export const DOOR_KEY_HEADER = "X-API-Key";

/** Keys are made of these characters only; anything else is a wildcard or a quoting hazard somewhere. */
export const KEY_PATTERN = /^[A-Za-z0-9_-]{32,128}$/;

/** The door's one open path. */
export const DOOR_HEALTH_PATH = "/health";

/** What the door lets through with the right key; a `*` at the end stands for one path segment or more. */
export const DOOR_PATHS = {
  GET: ["/api/tags", "/api/ps", "/api/version", "/v1/models", "/v1/models/*"],
  POST: [
    "/api/chat",
    "/api/generate",
    "/api/show",
    "/api/embed",
    "/api/embeddings",
    "/v1/chat/completions",
    "/v1/completions",
    "/v1/embeddings",
    "/v1/responses",
    "/v1/messages",
  ],
} as const;

/** Where things listen when nobody says otherwise. */
export const DEFAULT_PORTS = { app: 3000, door: 11435, ollama: 11434 } as const;

/** The app's routes. */
export const ROUTES = {
  chat: "/api/chat",
  models: "/api/models",
  health: "/api/health",
  session: "/api/session",
  requests: "/api/requests",
  signIn: "/sign-in",
} as const;

/** The cookie that holds the sealed session. */
export const SESSION_COOKIE = "latchkey";

/** On every answer of our pages and handlers. */
export const REQUEST_ID_HEADER = "X-Request-Id";

/** Names the AI SDK's stream protocol and its version, as its transport expects. */
export const UI_MESSAGE_STREAM_HEADER = "x-vercel-ai-ui-message-stream";
