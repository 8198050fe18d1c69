/** What the door hands on: Ollama answers alike with and without most of it, so an echo is asked where a config is given. */
import { randomBytes } from "node:crypto";
import { type Ask, ask, type Header } from "./ask.ts";
import { bad, type CheckDefinition, good, judge, NotTelling, type Verdict } from "./check.ts";
import type { ConfigRun } from "./config-run.ts";
import { type EchoedRequest, echoBody } from "./echo.ts";
import { hasModelList, MODELS_PATH } from "./lock.ts";
import { enter, keyHeader, type Subject } from "./subject.ts";

const FOREIGN_HOST = "door.example";
const FOREIGN_ORIGIN = "https://elsewhere.example";
const COOKIE = "latchkey-probe=kept";
const FORGED = "203.0.113.77";

/**
 * The config, running.
 *
 * @throws NotTelling where none was given, or it cannot run here
 */
export async function running(subject: Subject, what: string): Promise<ConfigRun> {
  const config = await subject.config;
  if (typeof config !== "string") return config;
  throw new NotTelling(
    subject.configFile === undefined
      ? `${what} cannot be seen from outside: --config FILE runs the config before an echo`
      : config,
  );
}

/** Asks the config's copy with the right key, which stays on this computer. */
export function askCopy(subject: Subject, config: ConfigRun, one: Ask, patienceMs = 4_000) {
  const { key, signal } = subject;
  if (key === undefined) throw new NotTelling("the door's key is not known here");
  const headers = [keyHeader(key), ...(one.headers ?? [])];
  return ask(config.target, { ...one, headers }, { signal, patienceMs });
}

const SENT: readonly Header[] = [
  ["Cookie", COOKIE],
  ["Origin", FOREIGN_ORIGIN],
  ["Referer", `${FOREIGN_ORIGIN}/page`],
  ["X-Forwarded-For", FORGED],
  ["X-Real-IP", FORGED],
  ["Content-Type", "application/json"],
];

/** One request as it arrived behind the config. */
async function handedOn(subject: Subject, what: string, host?: string): Promise<EchoedRequest> {
  const config = await running(subject, what);
  const word = randomBytes(8).toString("hex");
  const body = echoBody("plain", word);
  const one = { method: "POST", path: "/api/chat", headers: SENT, body };
  const answer = await askCopy(subject, config, host === undefined ? one : { ...one, host });
  if (answer.status === 401)
    throw new NotTelling("the config does not know the key that was given");
  if (answer.status !== 200)
    throw new NotTelling(`the config before the echo answered ${answer.status}`);
  return config.echo.arrival(word, subject.signal);
}

const HOST_FIX =
  "Set Host to Ollama's own address: header_up Host {upstream_hostport}, or proxy_set_header Host localhost.";

/** A config that insists on its own name is asked by that one: the copy's target says it. */
async function hostBehindConfig(subject: Subject): Promise<Verdict> {
  const config = await running(subject, "Host");
  const sent = config.target.host ?? FOREIGN_HOST;
  const { headers } = await handedOn(subject, "Host", sent);
  const { host = "" } = headers;
  return host === sent
    ? bad(`${sent} was handed on as it came`, HOST_FIX)
    : good(`${sent} was handed on as ${host}`);
}

/** Ollama on loopback answers an empty 403 to a Host that is not its own. */
async function hostAtDoor(subject: Subject): Promise<Verdict> {
  const { status, body } = await enter(subject, { path: MODELS_PATH, host: FOREIGN_HOST });
  if (status === 403 && body === "")
    return bad("a foreign Host: Ollama answered an empty 403", HOST_FIX);
  if (status === 200 && hasModelList(body)) return good("a foreign Host: answered 200");
  throw new NotTelling(`a foreign Host: the door itself answered ${status}`);
}

/** The running door and the config may differ, so both are asked; either may find something. */
async function runHost(subject: Subject): Promise<Verdict> {
  const config = await subject.config;
  if (typeof config === "string") return hostAtDoor(subject);
  const behind = await hostBehindConfig(subject);
  if (behind.ok === false) return behind;
  try {
    return await hostAtDoor(subject);
  } catch (thrown) {
    if (thrown instanceof NotTelling) return behind;
    throw thrown;
  }
}

async function runKey(subject: Subject): Promise<Verdict> {
  const { headers, target } = await handedOn(subject, "the key");
  const { key = "" } = subject;
  const found = Object.entries(headers).flatMap(([name, value]) =>
    String(value).includes(key) ? [name] : [],
  );
  if (target.includes(key)) found.push("the address");
  const fix =
    'Take the key off on the way to Ollama: header_up -X-API-Key, or proxy_set_header X-API-Key "".';
  return judge(
    found.map((name) => `handed on in ${name}`),
    "not handed on",
    fix,
  );
}

/** A check that some headers are not handed on. */
function kept(names: readonly string[], what: string, fix: string) {
  return async (subject: Subject): Promise<Verdict> => {
    const { headers } = await handedOn(subject, what);
    const found = names.filter((name) => headers[name] !== undefined);
    return judge(
      found.map((name) => `${name} was handed on`),
      "not handed on",
      fix,
    );
  };
}

const runOriginBehindConfig = kept(
  ["origin", "referer"],
  "the origin",
  "Take Origin and Referer off on the way to Ollama, which refuses foreign ones.",
);

/** Ollama refuses a foreign Origin by an empty 403, so this shows without a config as well. */
async function runOrigin(subject: Subject): Promise<Verdict> {
  const config = await subject.config;
  if (typeof config !== "string") return runOriginBehindConfig(subject);
  const headers: readonly Header[] = [["Origin", FOREIGN_ORIGIN]];
  const { status, body } = await enter(subject, { path: MODELS_PATH, headers });
  const fix = "Take Origin off on the way to Ollama, which refuses foreign ones.";
  if (status === 403 && body === "")
    return bad("a foreign Origin: Ollama answered an empty 403", fix);
  if (status === 200) return good("a foreign Origin: answered 200");
  throw new NotTelling(`a foreign Origin: answered ${status}`);
}

async function runAddress(subject: Subject): Promise<Verdict> {
  const { headers } = await handedOn(subject, "the caller's address");
  const found = ["x-forwarded-for", "x-real-ip"].filter((name) =>
    String(headers[name]).includes(FORGED),
  );
  const fix = "Set X-Real-IP and X-Forwarded-For to the address of the connection.";
  return judge(
    found.map((name) => `a forged ${name} was handed on`),
    "a forged one was not handed on",
    fix,
  );
}

export const UPSTREAM_CHECKS: readonly CheckDefinition[] = [
  { name: "host-rewritten", title: "Host is rewritten for Ollama", run: runHost },
  { name: "key-kept", title: "The key stays at the door", run: runKey },
  {
    name: "cookies-kept",
    title: "Cookies stay at the door",
    run: kept(["cookie"], "a cookie", "Take Cookie off on the way to Ollama."),
  },
  { name: "origin-kept", title: "The origin stays at the door", run: runOrigin },
  { name: "address-true", title: "The caller's address is the true one", run: runAddress },
];
