/** What `init` says at the end, in words or as JSON. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { GatewaySpec } from "../spec/spec.ts";
import { lanAddress } from "./network.ts";
import type { Secrets } from "./keys.ts";
import type { Proof } from "./proof.ts";
import { localUrl, publicUrl, type Variables, variablesText, wayText } from "./words.ts";

/** The root that Caddy made for the door, in the state folder. */
const ROOT_FILE = ["caddy", "data", "caddy", "pki", "authorities", "local", "root.crt"];

/** The door's own root in base64; undefined where it has none. */
async function readRoot(home: string, { tls }: GatewaySpec): Promise<string | undefined> {
  if (tls !== "internal") return undefined;
  return (await readFile(join(home, ...ROOT_FILE))).toString("base64");
}

export interface Done {
  readonly home: string;
  readonly spec: GatewaySpec;
  readonly secrets: Secrets;
  readonly proof: Proof;
  readonly changes: readonly string[];
  /** What is to be told each time. */
  readonly notes: readonly string[];
}

async function variablesOf({ home, spec, secrets }: Done): Promise<Variables> {
  return {
    OLLAMA_BASE_URL: publicUrl(spec),
    OLLAMA_API_KEY: secrets.newDoorKey,
    OLLAMA_CA: await readRoot(home, spec),
    ACCESS_KEYS: secrets.accessKeys,
    SESSION_SECRET: secrets.newSessionSecret,
  };
}

/** For programs. A key is in it the first time only. */
export async function doneJson(done: Done): Promise<object> {
  const { proof, changes, notes, spec } = done;
  return {
    url: localUrl(spec),
    checks: proof.checks,
    changes,
    notes,
    variables: await variablesOf(done),
    next: wayText(spec, lanAddress()),
  };
}

/** For people. */
export async function doneText(done: Done): Promise<readonly string[]> {
  const { proof, spec, home } = done;
  const isProved = proof.checks.length > 0;
  return [
    "",
    isProved
      ? `The door is open for the right key, and locked for all others: ${localUrl(spec)}`
      : `The door runs, and is not proved yet: ${localUrl(spec)}`,
    "It runs in the background; npm run latchkey -- stop ends it.",
    "",
    ...wayText(spec, lanAddress()),
    "",
    ...variablesText(spec, await variablesOf(done)),
    "",
    "Your own key to the app, with which you sign in there, lies in",
    `  ${join(home, "access-key")}`,
    ...(isProved ? [] : ["", "Then prove it: npm run latchkey -- init --yes"]),
  ];
}
