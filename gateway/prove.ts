/** Knocks at a running door the way strangers and the app do, over real sockets. */
import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { DOOR_HEALTH_PATH, DOOR_KEY_HEADER } from "../lib/contract.ts";

/** One line of `verify --json`; `ok` is null where it was not tried or cannot tell, and `seen` says why. */
export interface Check {
  readonly name: string;
  readonly ok: boolean | null;
  readonly seen: string;
  /** The one thing to do when it is not ok. */
  readonly fix: string;
}

export interface Proof {
  readonly url: string;
  readonly checks: readonly Check[];
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

interface Knock {
  readonly name: string;
  readonly path: string;
  /** Each is sent as a header line of its own. */
  readonly keys: readonly string[];
  /** What is wrong with the answer, or undefined. */
  readonly judge: (answer: Answer) => string | undefined;
}

const PATIENCE_MS = 10_000;
const LONGEST_BODY = 4_000_000;

function knock(url: string, { path, keys }: Knock): Promise<Answer> {
  const headers = keys.length === 0 ? {} : { [DOOR_KEY_HEADER]: [...keys] };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, url), { headers, agent: false, signal }, (incoming) => {
      let body = "";
      incoming.setEncoding("utf8");
      incoming.on("data", (text: string) => {
        body += text;
        if (body.length > LONGEST_BODY) incoming.destroy(new Error("the answer is too long"));
      });
      incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, body }));
      incoming.on("error", reject);
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

const RENDER_AGAIN = "Render the door again: npm run up.";

const mustBe =
  (status: number) =>
  (answer: Answer): string | undefined =>
    answer.status === status ? undefined : RENDER_AGAIN;

function hasModelList(body: string): boolean {
  try {
    const document: unknown = JSON.parse(body);
    return (
      typeof document === "object" &&
      document !== null &&
      "models" in document &&
      Array.isArray(document.models)
    );
  } catch {
    return false;
  }
}

/** What to do about an answer to the right key that is not a list of models. */
const RIGHT_KEY_FIXES: Readonly<Record<number, string>> = {
  401: "Write the door's files again, so that it knows this key: npm run up.",
  403: "Let the door rewrite Host to Ollama's own address: npm run up renders it so.",
  502: "Start Ollama: the door answers, but nothing answers behind it.",
  503: "Start Ollama: the door answers, but nothing answers behind it.",
};

function judgeModels({ status, body }: Answer): string | undefined {
  if (status === 200 && hasModelList(body)) return undefined;
  return (
    RIGHT_KEY_FIXES[status] ??
    "Look at what listens at Ollama's address: it does not answer as Ollama does."
  );
}

function knocks(key: string): Knock[] {
  const wrong = randomBytes(32).toString("hex");
  const models = "/api/tags";
  const shut = (name: string, keys: readonly string[]): Knock => ({
    name,
    path: models,
    keys,
    judge: mustBe(401),
  });
  return [
    { name: "health", path: DOOR_HEALTH_PATH, keys: [], judge: mustBe(200) },
    shut("no-key", []),
    shut("empty-key", [""]),
    shut("wrong-key", [wrong]),
    shut("wildcard-key", ["*"]),
    shut("doubled-key-right-first", [key, wrong]),
    shut("doubled-key-right-last", [wrong, key]),
    { name: "forbidden-path", path: "/api/delete", keys: [key], judge: mustBe(404) },
    { name: "right-key", path: models, keys: [key], judge: judgeModels },
  ];
}

async function tryKnock(url: string, one: Knock): Promise<Check> {
  try {
    const answer = await knock(url, one);
    const fix = one.judge(answer);
    return {
      name: one.name,
      ok: fix === undefined,
      seen: `answered ${answer.status}`,
      fix: fix ?? "",
    };
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return {
      name: one.name,
      ok: false,
      seen: `no answer: ${reason}`,
      fix: "Start the door: npm run up.",
    };
  }
}

/**
 * Proves that the door at `url` is shut to strangers and open to `key`; takes up to ten seconds where
 * nothing answers. Never throws for what it finds: that is in the checks.
 *
 * @param url `http://` and loopback: the right key is sent to it.
 */
export async function proveDoor({ url, key }: { url: string; key: string }): Promise<Proof> {
  return { url, checks: await Promise.all(knocks(key).map((one) => tryKnock(url, one))) };
}
