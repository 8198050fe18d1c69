/** The link of the chain that broke. */
export type Link = "browser" | "app" | "network" | "door" | "ollama";

export interface ErrorRule {
  readonly status: number;
  readonly link: Link;
  /** One sentence: what broke. Never names a host, a key or upstream's own text. */
  readonly message: string;
  /** The one thing to do. */
  readonly fix: string;
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;
}

/** One row a failure: everything that a caller is told about it comes from here. */
export const ERROR_TABLE = {
  bad_request: {
    status: 400,
    link: "browser",
    message: "The request is not one this route understands.",
    fix: "Correct the field that is named and send it again.",
    retryable: false,
  },
  context_overflow: {
    status: 400,
    link: "browser",
    message: "The conversation is longer than the model's context.",
    fix: "Start a new chat, shorten the message, or let old messages be left out (context: trim).",
    retryable: false,
  },
  unsupported_capability: {
    status: 400,
    link: "ollama",
    message: "The model cannot do what was asked.",
    fix: "Choose a model with that capability.",
    retryable: false,
  },
  unauthorized: {
    status: 401,
    link: "app",
    message: "No valid access key came with the request.",
    fix: "Sign in, or send your access key as Authorization: Bearer KEY.",
    retryable: false,
  },
  forbidden: {
    status: 403,
    link: "app",
    message: "Your access key does not allow this.",
    fix: "Ask the owner for a key of another role.",
    retryable: false,
  },
  forbidden_origin: {
    status: 403,
    link: "browser",
    message: "Requests with a session cookie are taken from the app's own pages only.",
    fix: "Open the app at its own address, or send an access key instead of the cookie.",
    retryable: false,
  },
  not_found: {
    status: 404,
    link: "app",
    message: "There is nothing at this address.",
    fix: "Check the path against the list of routes.",
    retryable: false,
  },
  model_not_found: {
    status: 404,
    link: "ollama",
    message: "That model is not among those you may use.",
    fix: "Pick one that GET /api/models lists.",
    retryable: false,
  },
  method_not_allowed: {
    status: 405,
    link: "app",
    message: "This route does not take that method.",
    fix: "Use the method named in the Allow header.",
    retryable: false,
  },
  body_too_large: {
    status: 413,
    link: "browser",
    message: "The request is larger than this app takes.",
    fix: "Send fewer or smaller images, or start a new chat.",
    retryable: false,
  },
  rate_limited: {
    status: 429,
    link: "app",
    message: "That was more requests than this key may make in a minute.",
    fix: "Wait until the time in Retry-After has passed.",
    retryable: true,
    retryAfterSeconds: 60,
  },
  token_budget_spent: {
    status: 429,
    link: "app",
    message: "This key's tokens for today are used up.",
    fix: "Wait until the time in Retry-After has passed, or ask the owner for more.",
    retryable: true,
    retryAfterSeconds: 3_600,
  },
  internal: {
    status: 500,
    link: "app",
    message: "The app failed in a way it did not foresee.",
    fix: "Try again; if it stays, look for the request id in the app's log.",
    retryable: true,
  },
  ollama_too_old: {
    status: 501,
    link: "ollama",
    message: "The Ollama at home is too old for this kind of request.",
    fix: "Update Ollama on the computer at home.",
    retryable: false,
  },
  home_unreachable: {
    status: 502,
    link: "network",
    message: "Home does not answer.",
    fix: "See that the computer at home is awake and its address unchanged.",
    retryable: true,
  },
  door_refused_connection: {
    status: 502,
    link: "door",
    message: "Home answers, but nobody opens the door's port.",
    fix: "Start the door at home: npm run up.",
    retryable: true,
  },
  door_tls: {
    status: 502,
    link: "door",
    message: "The door's certificate is not the one this app trusts.",
    fix: "Set OLLAMA_CA to the door's root certificate, or the address to the name in the certificate.",
    retryable: false,
  },
  door_refused_key: {
    status: 502,
    link: "door",
    message: "The door does not know this app's key.",
    fix: "Set OLLAMA_API_KEY to the key the door was made with.",
    retryable: false,
  },
  door_not_ours: {
    status: 502,
    link: "door",
    message: "Something that is not the door answers at its address.",
    fix: "Check OLLAMA_BASE_URL, and that no login page stands in front of the door.",
    retryable: false,
  },
  door_host_rewrite: {
    status: 502,
    link: "door",
    message: "Ollama refuses the Host name that the door passes on.",
    fix: "Let the door rewrite Host to Ollama's own address: render it again with npm run up.",
    retryable: false,
  },
  ollama_unreachable: {
    status: 502,
    link: "ollama",
    message: "The door answers, but Ollama behind it does not.",
    fix: "Start Ollama on the computer at home.",
    retryable: true,
  },
  ollama_failed: {
    status: 502,
    link: "ollama",
    message: "Ollama failed while it worked on this.",
    fix: "Try again; if it stays, look into Ollama's own log.",
    retryable: true,
  },
  not_configured: {
    status: 503,
    link: "app",
    message: "The app is not set up yet.",
    fix: "Set the variables that are named and deploy again.",
    retryable: false,
    retryAfterSeconds: 60,
  },
  queue_full: {
    status: 503,
    link: "app",
    message: "Too many requests are waiting for the model already.",
    fix: "Wait a little and try again.",
    retryable: true,
    retryAfterSeconds: 15,
  },
  queue_timeout: {
    status: 503,
    link: "app",
    message: "The model was busy with others for longer than a request waits here.",
    fix: "Try again in a moment.",
    retryable: true,
    retryAfterSeconds: 15,
  },
  door_rate_limited: {
    status: 503,
    link: "door",
    message: "The door at home takes no more requests from this app for now.",
    fix: "Wait a little and try again; the owner may raise the door's limit.",
    retryable: true,
    retryAfterSeconds: 30,
  },
  ollama_busy: {
    status: 503,
    link: "ollama",
    message: "Ollama has more requests waiting than it takes.",
    fix: "Wait a little and try again.",
    retryable: true,
    retryAfterSeconds: 10,
  },
  first_token_timeout: {
    status: 504,
    link: "ollama",
    message: "The model took too long to say its first word.",
    fix: "Try again now that it may be loaded, or choose a smaller model.",
    retryable: true,
  },
  idle_timeout: {
    status: 504,
    link: "ollama",
    message: "The model fell silent in the middle of its answer.",
    fix: "Try again; if it stays, choose a smaller model.",
    retryable: true,
  },
  total_timeout: {
    status: 504,
    link: "app",
    message: "The answer took longer than one request may last.",
    fix: "Ask for a shorter answer, or in two parts.",
    retryable: true,
  },
  interrupted: {
    status: 502,
    link: "network",
    message: "The answer broke off before its end.",
    fix: "Try again; what came is kept until then.",
    retryable: true,
  },
} as const satisfies Record<string, ErrorRule>;

export type ErrorCode = keyof typeof ERROR_TABLE;
