import { text } from "node:stream/consumers";
import { ROUTES } from "../../lib/contract.ts";
import { isRecord } from "../up/state-file.ts";
import { requestApp } from "./app-request.ts";
import { FAILURES, type FailureCode, failureOf, isStrange } from "./failures.ts";
import type { Target } from "./forward.ts";

/** The app asks the computer at home, which may have to wake up. */
const PATIENCE_MS = 30_000;

export type Greeting =
  | { readonly kind: "connected"; readonly models: number; readonly model: string | undefined }
  | {
      readonly kind: "failed";
      readonly message: string;
      readonly fix: string;
      /** Only other arguments help. */
      readonly isFinal: boolean;
    };

const failed = (code: FailureCode): Greeting => ({
  kind: "failed",
  message: FAILURES[code].message,
  fix: FAILURES[code].fix,
  isFinal: code === "app_not_latchkey",
});

const WRONG_KEY: Greeting = {
  kind: "failed",
  message: "That key is not known to the app.",
  fix: "Name the right one with --key-file or --key-env, or make one: npm run latchkey -- access add NAME",
  isFinal: true,
};

/** The door refuses without a word. */
const looksLikeDoor = (localApp: string | undefined): Greeting => ({
  kind: "failed",
  message: "That address wants another key than the app's: it looks like the door.",
  fix: `Give the app's address: ${localApp ?? "the one at Vercel, or where you chat"}.`,
  isFinal: true,
});

const SILENT: Greeting = {
  kind: "failed",
  message: "The app gave no answer in 30 seconds.",
  fix: "See that the computer at home is awake; what is asked here waits longer.",
  isFinal: false,
};

/** A name that can stand in a command line as it is. */
const MODEL_NAME = /^[\w.:/-]{1,200}$/;

/** What a server says, fit for a terminal: no control characters, no key. */
const printable = (said: string, key: string): string =>
  said.replaceAll(/\p{C}/gu, "").replaceAll(key, "(the key)").slice(0, 300);

/** The app's own error object, if this is one. */
function readError(document: unknown) {
  const error = isRecord(document) ? document["error"] : undefined;
  if (!isRecord(error)) return undefined;
  const { message, fix } = error;
  return typeof message === "string" && typeof fix === "string" ? { message, fix } : undefined;
}

/** What the app says is wrong, or that it is no app. */
function complaint(document: unknown, key: string): Greeting {
  const error = readError(document);
  if (error === undefined) return failed("app_not_latchkey");
  const { message, fix } = error;
  return {
    kind: "failed",
    message: printable(message, key),
    fix: printable(fix, key),
    isFinal: false,
  };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

interface Reading {
  readonly key: string;
  readonly localApp: string | undefined;
}

function read(status: number, body: string, { key, localApp }: Reading): Greeting {
  const document = parse(body);
  if (status === 401)
    return readError(document) === undefined ? looksLikeDoor(localApp) : WRONG_KEY;
  const models = isRecord(document) ? document["models"] : undefined;
  if (status !== 200 || !isRecord(document) || !Array.isArray(models)) {
    return complaint(document, key);
  }
  const model = document["default"];
  const isName = typeof model === "string" && MODEL_NAME.test(model);
  return { kind: "connected", models: models.length, model: isName ? model : undefined };
}

/**
 * Asks the app once, with the key, which models there are. Never throws: what is wrong is told.
 *
 * @param signal ends the asking early
 * @param localApp the address of an app that runs here, for the hint to whoever asked something else
 */
export async function greet(
  { appUrl, key }: Target,
  signal: AbortSignal,
  localApp?: string,
): Promise<Greeting> {
  const request = requestApp(appUrl, {
    method: "GET",
    path: ROUTES.models,
    headers: { accept: "application/json", authorization: `Bearer ${key}` },
  });
  const timeout = AbortSignal.timeout(PATIENCE_MS);
  const ending = AbortSignal.any([signal, timeout]);
  const leave = (): void => {
    request.destroy();
  };
  ending.addEventListener("abort", leave, { once: true });
  try {
    return await new Promise<Greeting>((resolve, reject) => {
      request.once("error", reject);
      request.once("response", (answer) => {
        if (isStrange(answer)) resolve(failed("app_not_latchkey"));
        else {
          const told = (body: string): void => {
            resolve(read(answer.statusCode ?? 0, body, { key, localApp }));
          };
          text(answer).then(told, reject);
        }
      });
      request.end();
    });
  } catch (error) {
    if (timeout.aborted) return SILENT;
    return failed(error instanceof Error ? failureOf(error) : "app_broke_off");
  } finally {
    ending.removeEventListener("abort", leave);
    request.on("error", () => undefined).destroy();
  }
}
