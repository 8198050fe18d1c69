/** The lock: who is let in, and who is not. These are quick, and `up` asks them too. */
import { DOOR_HEALTH_PATH, DOOR_PATHS } from "../../lib/contract.ts";
import { weaknessOf } from "../keys.ts";
import { type Answer, type Ask, type Header, valuesOf } from "./ask.ts";
import { bad, type CheckDefinition, good, judge, NotTelling, type Verdict } from "./check.ts";
import { FORBIDDEN } from "./paths.ts";
import { enter, keyHeader, knock, makeWrongKey, rightKey, type Subject } from "./subject.ts";

export const MODELS_PATH = "/api/tags";

/** Whether a text is Ollama's list of models. */
export function hasModelList(body: string): boolean {
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

async function runRightKey(subject: Subject): Promise<Verdict> {
  const { status, body } = await enter(subject, { path: MODELS_PATH });
  if (status === 200 && hasModelList(body)) return good("answered 200 with the models");
  const fix =
    RIGHT_KEY_FIXES[status] ??
    "Look at what listens at Ollama's address: it does not answer as Ollama does.";
  return bad(`answered ${status}`, fix);
}

async function runHealth(subject: Subject): Promise<Verdict> {
  const { status } = await knock(subject, { path: DOOR_HEALTH_PATH });
  const fix = "Let the door answer GET /health to everyone: the app asks it whether home is there.";
  return status === 200 ? good("answered 200") : bad(`answered ${status}`, fix);
}

/** What an answer tells of the programs behind it. */
function tellings({ headers, body }: Answer): string[] {
  const told = headers.flatMap(([name, value]) =>
    /^(?:server|via|x-powered-by)$/.test(name) && /\d/.test(value) ? [`${name}: ${value}`] : [],
  );
  if (body.length > 64) told.push(`${body.length} bytes`);
  if (/ollama|version|models?\b/i.test(body)) told.push("words about Ollama");
  return told;
}

async function runHealthSilent(subject: Subject): Promise<Verdict> {
  const answer = await knock(subject, { path: DOOR_HEALTH_PATH });
  if (answer.status !== 200) throw new NotTelling(`/health answered ${answer.status}`);
  const name = valuesOf(answer, "server").join(", ");
  const seen = name === "" ? "nothing but OK" : `nothing but the name ${name.slice(0, 40)}`;
  return judge(tellings(answer), seen, 'Answer /health with "OK" alone, and no version.');
}

/** Whether the door limits bad keys alone at the moment: then 429 is its 401. */
async function servesRightKey(subject: Subject): Promise<boolean> {
  return (await enter(subject, { path: MODELS_PATH })).status === 200;
}

const withoutKey = (path: string): string => path.replace(/=.*$/, "=...");

/** Tries each of them; all must be refused. */
async function mustBeShut(subject: Subject, tries: readonly Ask[], fix: string): Promise<Verdict> {
  const answers = await Promise.allSettled(tries.map((one) => knock(subject, one)));
  const statuses = answers.map((one) =>
    one.status === "fulfilled" ? one.value.status : undefined,
  );
  const isLimited = statuses.includes(429);
  if (isLimited && !(await servesRightKey(subject)))
    throw new NotTelling("the door has had enough for now (429): run it again in a minute");
  const open = tries.flatMap(({ method = "GET", path }, index) => {
    const status = statuses[index];
    const isShut = status === undefined || status === 401 || status === 429;
    return isShut ? [] : [`${method} ${withoutKey(path)} answered ${status}`];
  });
  const unanswered = answers.find((one) => one.status === "rejected");
  if (open.length === 0 && unanswered !== undefined) throw unanswered.reason;
  const seen = isLimited ? "answered 429: bad keys are limited now" : "answered 401";
  return judge([...new Set(open)], seen, fix);
}

/** A check that every one of these sets of headers is refused. */
function shut(
  name: string,
  title: string,
  headersOf: (subject: Subject) => readonly (readonly Header[])[],
  fix: string,
): CheckDefinition {
  const run = (subject: Subject): Promise<Verdict> => {
    const tries = headersOf(subject).map((headers) => ({ path: MODELS_PATH, headers }));
    return mustBeShut(subject, tries, fix);
  };
  // What throws here is a verdict as well.
  return { name, title, run: async (subject) => run(subject) };
}

/**
 * Every path that is let through with the key, since one alone may have been opened by mistake; and
 * those that never are, since a 404 there tells a stranger what is there. No body is JSON: an open
 * door does nothing with it.
 */
const UNLOCKED: readonly Ask[] = [
  ...DOOR_PATHS.GET.map((path) => ({ path: path.replace("*", "none") })),
  ...DOOR_PATHS.POST.map((path) => ({ path, method: "POST", body: "{" })),
  ...FORBIDDEN,
];

/** Ways to show a key that are none. Only wrong ones: they must not turn up in the logs either. */
function misplacedKeys(subject: Subject): Ask[] {
  const wrong = (): string => makeWrongKey(subject);
  const headers: readonly Header[] = [
    ["Authorization", `Bearer ${wrong()}`],
    ["Cookie", `key=${wrong()}`],
    ["X-API-Keys", wrong()],
  ];
  return [
    { path: MODELS_PATH, headers: [keyHeader(wrong())] },
    { path: `${MODELS_PATH}?key=${wrong()}`, headers },
  ];
}

/** `*`, and where the right key may be shown, its beginning and its end. */
function wildcards(subject: Subject): readonly (readonly Header[])[] {
  const { key, keyRefusal } = subject;
  const parts =
    key === undefined || keyRefusal !== undefined
      ? []
      : [`${key.slice(0, 8)}*`, `*${key.slice(-8)}`];
  return ["*", ...parts].map((one) => [keyHeader(one)]);
}

/** The same letters in the other case. */
function otherCase(subject: Subject): readonly (readonly Header[])[] {
  const key = rightKey(subject);
  const others = [key.toUpperCase(), key.toLowerCase()].filter((other) => other !== key);
  if (others.length === 0) throw new NotTelling("the key has no letters");
  return others.map((other) => [keyHeader(other)]);
}

const EXACT = "Compare the whole header with the key, letter by letter.";
const ONE_HEADER =
  "Match the header's placeholder, not each of its lines: two keys in one request are refused.";

/** nginx before 1.23 sees only the first of several, and no configuration changes that: nobody gets in without the key. */
async function runDoubled(subject: Subject): Promise<Verdict> {
  const headers = [keyHeader(rightKey(subject)), keyHeader(makeWrongKey(subject))];
  const answer = await knock(subject, { path: MODELS_PATH, headers });
  const isNginx = valuesOf(answer, "server").some((name) => /^nginx/i.test(name));
  if (answer.status === 200 && isNginx)
    throw new NotTelling("nginx before 1.23 sees only the first of two, which was right");
  return mustBeShut(subject, [{ path: MODELS_PATH, headers }], ONE_HEADER);
}

async function runStrength({ key }: Subject): Promise<Verdict> {
  if (key === undefined) throw new NotTelling("the door's key is not known here");
  const reason = weaknessOf(key);
  const fix = "Give the door a key of random letters: npm run latchkey -- keys rotate app.";
  return reason === undefined ? good("no example, and long enough") : bad(`it ${reason}`, fix);
}

async function runRendered({ changedFiles, spec }: Subject): Promise<Verdict> {
  if (changedFiles === undefined) throw new NotTelling("this door is not one of this folder's own");
  const changed = await changedFiles();
  const server = spec?.server ?? "caddy";
  return judge(
    changed.map((name) => `${name} is not as it would be written`),
    "as latchkey.json describes it, to the letter",
    `See the difference: npm run latchkey -- render ${server} --check. Write it anew: npm run latchkey -- init.`,
  );
}

/** These look at keys and files, and need no door that answers. */
export const FILE_CHECKS: readonly CheckDefinition[] = [
  { name: "key-strength", title: "The key cannot be guessed", run: runStrength },
  { name: "as-rendered", title: "Nobody has changed the door's files", run: runRendered },
];

export const LOCK_CHECKS: readonly CheckDefinition[] = [
  { name: "health", title: "/health is open", run: runHealth },
  { name: "health-silent", title: "/health tells nothing", run: runHealthSilent },
  {
    name: "no-key",
    title: "A request without a key is refused, on every path",
    run: (subject) =>
      mustBeShut(subject, UNLOCKED, "Answer 401 to every path but /health, before anything else."),
  },
  shut(
    "empty-key",
    "An empty key is refused",
    () => [[keyHeader("")]],
    "Set the key in the door's files: an unset variable lets an empty key in.",
  ),
  {
    name: "wrong-key",
    title: "A wrong key is refused, wherever it stands",
    run: (subject) => mustBeShut(subject, misplacedKeys(subject), EXACT),
  },
  shut("wildcard-key", "A wildcard is refused", wildcards, EXACT),
  {
    name: "doubled-key-right-first",
    title: "A wrong key after the right one is refused",
    run: runDoubled,
  },
  shut(
    "doubled-key-right-last",
    "A wrong key before the right one is refused",
    (subject) => [[keyHeader(makeWrongKey(subject)), keyHeader(rightKey(subject))]],
    ONE_HEADER,
  ),
  shut(
    "other-case-key",
    "The key in the other case is refused",
    otherCase,
    "Use a key of lower-case hex, and compare it exactly: nginx's map ignores case.",
  ),
  { name: "right-key", title: "The right key gets the models", run: runRightKey },
];
