/** The other end of the chain: the app asks this door, and asks its own callers for a key. */
import { z } from "zod";
import { ROUTES } from "../../lib/contract.ts";
import { type Ask, ask, type Header } from "./ask.ts";
import { bad, type CheckDefinition, good, NotTelling, type Verdict } from "./check.ts";
import type { AppWish, Subject } from "./subject.ts";
import { isThisComputer } from "./trust.ts";

const PATIENCE_MS = 9_000;
const reply = z.object({ message: z.object({ content: z.string() }) });
/** Its code alone: whatever stands at that address would write the advice in our name. */
const problem = z.object({ error: z.object({ code: z.string().regex(/^[a-z_]{1,40}$/) }) });

const chat = (headers: readonly Header[]): Ask => ({
  method: "POST",
  path: ROUTES.chat,
  headers: [["Content-Type", "application/json"], ...headers],
  body: JSON.stringify({
    messages: [{ role: "user", content: "Say hello." }],
    stream: false,
    options: { num_predict: 8 },
  }),
});

function appOf({ app }: Subject): AppWish {
  if (app === undefined) throw new NotTelling("no app was named: --app URL");
  return app;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function runApp(subject: Subject): Promise<Verdict> {
  const { url, key } = appOf(subject);
  if (key === undefined) throw new NotTelling("no access key: LATCHKEY_ACCESS_KEY holds one");
  if (url.protocol !== "https:" && !isThisComputer(url))
    throw new NotTelling("the access key is not sent in clear: the app needs https");
  const limits = { signal: subject.signal, patienceMs: PATIENCE_MS };
  const { status, body } = await ask({ url }, chat([["Authorization", `Bearer ${key}`]]), limits);
  const document = readJson(body);
  if (status === 200 && reply.safeParse(document).success) return good("answered with a message");
  const told = problem.safeParse(document).data?.error;
  const code = told === undefined ? "" : `, ${told.code}`;
  return bad(
    `answered ${status}${code}`,
    "Look whether the app is at that address, and at its own log.",
  );
}

async function runStrangers(subject: Subject): Promise<Verdict> {
  const { url } = appOf(subject);
  const limits = { signal: subject.signal, patienceMs: PATIENCE_MS };
  const { status } = await ask({ url }, chat([]), limits);
  if (status === 401) return good("answered 401");
  const fix =
    "Set ACCESS_KEYS and leave PUBLIC_ACCESS out, or strangers use the GPU through the app.";
  return bad(`answered ${status}`, fix);
}

export const APP_CHECKS: readonly CheckDefinition[] = [
  { name: "app", title: "The app chats through a door", run: runApp },
  { name: "app-strangers", title: "The app refuses strangers", run: runStrangers },
];
