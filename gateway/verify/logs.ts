/** What the door wrote down: that it did, that it puts full files aside, and that no key is in them. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  bad,
  type CheckDefinition,
  good,
  judge,
  NotTelling,
  untold,
  type Verdict,
} from "./check.ts";
import type { ConfigRun } from "./config-run.ts";
import { echoBody } from "./echo.ts";
import { familyOf, readLog, sizeOf } from "./log-files.ts";
import { keyHeader, knock, makeWrongKey, type Subject } from "./subject.ts";
import { askCopy, running } from "./upstream.ts";
import { ask } from "./ask.ts";
import { MODELS_PATH } from "./lock.ts";

const WRITTEN_MS = 1_500;
const LARGE_BYTES = 150_000_000;
const MOST_PLACES = 20;
const NONE = "where its log is is not known: --log FILE names it";

async function hasGrown({ logs, logSizes }: Subject): Promise<string | undefined> {
  for (const path of logs.access) {
    const size = await sizeOf(path);
    // Smaller: it was put aside meanwhile.
    if (size > 0 && size !== logSizes.get(path)) return basename(path);
  }
  return undefined;
}

async function runWritten(subject: Subject): Promise<Verdict> {
  const { logs } = subject;
  if (logs.access.length === 0) {
    const config = await running(subject, "the log");
    return (await copyLogs(subject, config)).access === ""
      ? bad("the config logs no request", "Log requests to a file: log { output file access.log }.")
      : good("the config logs its requests");
  }
  const deadline = performance.now() + WRITTEN_MS;
  while (performance.now() < deadline) {
    const name = await hasGrown(subject);
    if (name !== undefined) return good(`${name} grew by these requests`);
    await sleep(50);
  }
  const isThere = logs.access.some((path) => existsSync(path));
  const seen = isThere ? "these requests are not in it" : "there is no such file";
  return bad(seen, "Log requests to that file, and see that the door may write it.");
}

async function runRotated(subject: Subject): Promise<Verdict> {
  const { logs } = subject;
  const config = await subject.config;
  const rotates = typeof config === "string" ? undefined : config.rotates;
  const fix = "Let full files be put aside: roll_size and roll_keep in Caddy, logrotate for nginx.";
  if (rotates === false) return bad("the config puts no file aside", fix);
  if (rotates === true) return good("the config puts full files aside");
  if (logs.access.length === 0) throw new NotTelling(NONE);
  const families = await Promise.all(logs.access.map(familyOf));
  const aside = families.flat().length - logs.access.length;
  if (aside > 0) return good(`${aside} put aside`);
  const sizes = await Promise.all(logs.access.map(sizeOf));
  const largest = Math.max(...sizes);
  if (largest > LARGE_BYTES) return bad(`${Math.round(largest / 1e6)} MB in one file`, fix);
  return untold(`${Math.ceil(largest / 1000)} kB so far: too little to be put aside`);
}

/** How a key stands behind this part of a line: below a field of JSON, or after a sign. */
function placeAfter(before: string): string {
  if (/[?&][^\s"]*$/.test(before)) return "the address";
  const field = /"([\w-]+)":\s*(?:\[[^\]]*)?"[^"]*$/.exec(before)?.[1] ?? "";
  if (/cookie/i.test(field)) return "a cookie";
  return field === "" ? "plain text" : field;
}

/** Where a key stands in a text, the first times. */
function placesOf(text: string, key: string): string[] {
  const places: string[] = [];
  for (let at = text.indexOf(key); at !== -1 && places.length < MOST_PLACES;) {
    const line = text.lastIndexOf("\n", at) + 1;
    places.push(placeAfter(text.slice(Math.max(line, at - 200), at)));
    at = text.indexOf(key, at + key.length);
  }
  return places;
}

/** What secret is in a text: said by its kind, never by itself. */
function secretsIn(text: string, { key, wrongKeys }: Subject, name: string): string[] {
  const tell = (what: string, keys: readonly string[]): string[] => {
    const places = new Set(keys.flatMap((one) => placesOf(text, one)));
    return places.size === 0 ? [] : [`${name}: ${what} in ${[...places].join(", ")}`];
  };
  return [
    ...tell("the right key", key === undefined ? [] : [key]),
    ...tell("wrong keys", wrongKeys),
  ];
}

async function searchFiles(subject: Subject, logs: readonly string[]): Promise<readonly string[]> {
  const paths = (await Promise.all(logs.map(familyOf))).flat();
  const found: string[] = [];
  for (const path of paths) found.push(...secretsIn(await readLog(path), subject, basename(path)));
  return found;
}

/** The logs of the config's copy, after requests that would leave a key in them. */
async function copyLogs(
  subject: Subject,
  config: ConfigRun,
): Promise<{ access: string; error: string }> {
  const path = `${MODELS_PATH}?key=${makeWrongKey(subject)}`;
  const headers = [
    keyHeader(makeWrongKey(subject)),
    ["Cookie", `key=${makeWrongKey(subject)}`] as const,
  ];
  await ask(config.target, { path, headers }, { signal: subject.signal }).catch(() => undefined);
  if (subject.key !== undefined) {
    const query = `/api/chat?key=${makeWrongKey(subject)}`;
    const body = echoBody("drop", randomBytes(8).toString("hex"));
    // Nothing answers behind it: this is what an error log is for.
    await askCopy(subject, config, {
      method: "POST",
      path: query,
      headers: headers.slice(1),
      body,
    }).catch(() => undefined);
  }
  await sleep(200);
  return config.logs();
}

const LOG_FIX =
  "Log no headers and no query: filter request>headers and request>uri in the site's log and in the default one.";

/** A check of one kind of log: the files, and what the config's copy writes. */
function keyFree(kind: "access" | "error") {
  return async (subject: Subject): Promise<Verdict> => {
    const files = subject.logs[kind].filter((path) => existsSync(path));
    const config = await subject.config;
    if (files.length === 0 && typeof config === "string") {
      if (subject.configFile === undefined)
        throw new NotTelling(kind === "access" ? NONE : "where its error log is is not known");
      throw new NotTelling(config);
    }
    const found = [...(await searchFiles(subject, files))];
    if (typeof config !== "string")
      found.push(...secretsIn((await copyLogs(subject, config))[kind], subject, "the config's"));
    const names = [
      ...files.map((path) => basename(path)),
      ...(typeof config === "string" ? [] : ["the config's"]),
    ];
    return judge(found, `none in ${names.join(", ")}`, LOG_FIX);
  };
}

/** Leaves wrong keys in every form, for the logs to be searched for. */
export async function leaveMarks(subject: Subject): Promise<void> {
  const path = `${MODELS_PATH}?key=${makeWrongKey(subject)}`;
  const headers = [
    keyHeader(makeWrongKey(subject)),
    ["Cookie", `key=${makeWrongKey(subject)}`] as const,
  ];
  await knock(subject, { path, headers });
}

/** After everything else: they look at what it left. */
export const LOG_CHECKS: readonly CheckDefinition[] = [
  { name: "log-written", title: "Requests are logged", run: runWritten },
  { name: "log-rotated", title: "Full logs are put aside", run: runRotated },
  { name: "log-key-free", title: "No key is in the log", run: keyFree("access") },
  { name: "error-log-key-free", title: "No key is in the error log", run: keyFree("error") },
];
