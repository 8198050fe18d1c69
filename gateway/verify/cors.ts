/** What a browser is told: a page that is not listed hears of no permission, a listed one of exactly its own. */
import { type Answer, type Ask, type Header, valuesOf } from "./ask.ts";
import { type CheckDefinition, judge, NotTelling, type Verdict } from "./check.ts";
import { MODELS_PATH } from "./lock.ts";
import { enter, knock, type Subject } from "./subject.ts";

const UNLISTED = "https://elsewhere.example";

const PREFLIGHT: readonly Header[] = [
  ["Access-Control-Request-Method", "POST"],
  ["Access-Control-Request-Headers", "content-type, x-api-key"],
];

const from = (one: Ask, origin: string): Ask => ({
  ...one,
  headers: [["Origin", origin], ...(one.headers ?? [])],
});

/** What is wrong with the permission of an answer; `origin` is a listed one or none. */
function faults(answer: Answer, origin: string | undefined): string[] {
  const given = valuesOf(answer, "access-control-allow-origin");
  const who = origin ?? "an unlisted page";
  if (origin === undefined) return given.map((value) => `${who} was told "${value.slice(0, 60)}"`);
  if (given.length === 1 && given[0] === origin) return [];
  if (given.length === 0) return [`${who} was told nothing`];
  return [`${who} was told "${given.join('" and "').slice(0, 80)}"`];
}

/** A check of one kind of answer, for a page that is not listed and for each that is. */
export function told(
  name: string,
  title: string,
  send: (subject: Subject, one: Ask) => Promise<Answer>,
  what: Ask | ((subject: Subject) => Promise<Ask>),
): CheckDefinition {
  const run = async (subject: Subject): Promise<Verdict> => {
    const listed = subject.spec?.cors.origins ?? [];
    const one = typeof what === "function" ? await what(subject) : what;
    const asOrigin = async (origin: string | undefined): Promise<string[]> => {
      const answer = await send(subject, from(one, origin ?? UNLISTED));
      if (answer.status === 429) throw new NotTelling("the door has had enough for now (429)");
      return faults(answer, origin);
    };
    const found = await Promise.all([undefined, ...listed].map(asOrigin));
    const seen =
      listed.length === 0
        ? "an unlisted page is told nothing"
        : `right for ${listed.length} listed and for others`;
    const fix =
      "Answer preflight at the door, drop Ollama's Access-Control headers, and name listed origins exactly, never *.";
    return judge(found.flat(), seen, fix);
  };
  return { name, title, run };
}

export const CORS_CHECKS: readonly CheckDefinition[] = [
  told("cors-preflight", "Preflight permits listed pages only", knock, {
    method: "OPTIONS",
    path: "/api/chat",
    headers: PREFLIGHT,
  }),
  told("cors-refusal", "A 401 permits listed pages only", knock, { path: MODELS_PATH }),
  told("cors-answer", "An answer permits listed pages only", enter, { path: MODELS_PATH }),
];
