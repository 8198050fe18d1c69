/** The paths that are closed with the right key too. Nothing that is asked here does anything behind an open door. */
import type { Answer, Ask } from "./ask.ts";
import { type CheckDefinition, judge, type Verdict } from "./check.ts";
import { pooled } from "./pooled.ts";
import { enter, rightKey, type Subject } from "./subject.ts";

/** No JSON: Ollama refuses it before it does anything. */
const BROKEN = "{";

const post = (path: string): Ask => ({ method: "POST", path, body: BROKEN });

/** Signing out has no body that could be wrong, so it is only ever asked with another method. */
export const FORBIDDEN: readonly Ask[] = [
  post("/api/pull"),
  post("/api/push"),
  { method: "DELETE", path: "/api/delete", headers: [["Content-Length", "1"]], body: BROKEN },
  { path: "/api/delete" },
  post("/api/create"),
  post("/api/copy"),
  post("/api/blobs/none"),
  { path: "/api/signout" },
  post("/api/web_search"),
  { path: "/api/nothing" },
  { path: "/" },
];

/** What some servers take for one of the above. */
const SPELLINGS: readonly Ask[] = [
  post("/API/PULL"),
  post("/api/%70ull"),
  post("/api/%2570ull"),
  post("/api//pull"),
  post("//api/pull"),
  post("/./api/pull"),
  post("/api/pull/"),
  post("/api/pull?x=/api/chat"),
  post("/api/chat/../pull"),
  post("/api/chat/%2e%2e/pull"),
  post("/api/chat/..%2fpull"),
  post("/api/chat%2f..%2fpull"),
  post("/v1/models/../../api/pull"),
  post("/v1/models/%2e%2e/%2e%2e/api/pull"),
  post("/v1/models/..;/..;/api/pull"),
  { path: "/v1/models/../../api/signout" },
  { path: "/v1/models/x/..%5c..%5c..%5capi%5csignout" },
  { method: "PUT", path: "/api/chat", body: BROKEN },
];

/** Ollama's own words, seen through an open door. */
function isOllamas({ status, body }: Answer): boolean {
  return (
    /^40[45] (?:page not found|method not allowed)/.test(body) ||
    (status >= 400 && body.includes('"error"'))
  );
}

/** A spelling that is no address at all may also be refused as such. */
function isRefused(answer: Answer, alsoMalformed: boolean): boolean {
  const { status } = answer;
  return (status === 404 || (alsoMalformed && status === 400)) && !isOllamas(answer);
}

function describe({ method = "GET", path }: Ask, answer: Answer): string {
  const whose = isOllamas(answer) ? "Ollama answered" : "answered";
  return `${method} ${path}: ${whose} ${answer.status}`;
}

async function tryAll(
  subject: Subject,
  tries: readonly Ask[],
  alsoMalformed: boolean,
): Promise<Verdict> {
  rightKey(subject);
  const found = await pooled(tries, async (one) => {
    const answer = await enter(subject, one);
    return isRefused(answer, alsoMalformed) ? [] : [describe(one, answer)];
  });
  const fix = "Let through the paths of a list and answer 404 to all others.";
  return judge(found.flat(), `${tries.length} tried, none open`, fix);
}

export const FORBIDDEN_PATH_CHECK: CheckDefinition = {
  name: "forbidden-path",
  title: "pull, push, delete, create, copy, blobs and signout are closed",
  run: (subject) => tryAll(subject, FORBIDDEN, false),
};

export const PATH_CHECKS: readonly CheckDefinition[] = [
  FORBIDDEN_PATH_CHECK,
  {
    name: "path-spelling",
    title: "They are closed in other spellings too",
    run: (subject) => tryAll(subject, SPELLINGS, true),
  },
];
