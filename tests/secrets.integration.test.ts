/**
 * The two keys pass through many hands. Their texts must be in no file that a browser gets, in no
 * answer and in no log, whatever went wrong on the way.
 */
import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDemoEngine } from "../gateway/demo/server.ts";
import { sharedBuild } from "./helpers/build.ts";
import { startChain, type Chain } from "./helpers/chain.ts";
import { parts } from "./helpers/parts.ts";

interface Text {
  readonly where: string;
  readonly text: string;
}

/** Where any of the secrets occurs. */
function leaks(texts: readonly Text[], secrets: readonly string[]): string[] {
  return texts
    .filter(({ text }) => secrets.some((secret) => text.includes(secret)))
    .map(({ where }) => where);
}

async function ask(url: string, path: string, init: RequestInit = {}): Promise<Text> {
  const response = await fetch(`${url}${path}`, { redirect: "manual", ...init });
  const headers = [...response.headers].map((pair) => pair.join(": ")).join("\n");
  const text = await response.text();
  return { where: `${init.method ?? "GET"} ${path} -> ${response.status}`, text: headers + text };
}

const messages = [{ role: "user", content: "Hello" }];

/** Every kind of answer: pages, right and wrong requests, streams, failures upstream. */
function requests(chain: Chain): [path: string, init: RequestInit][] {
  const { headers } = chain;
  const post = (body: string, extra: Record<string, string> = {}): RequestInit => ({
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers, ...extra },
  });
  const chat = (more: object): RequestInit => post(JSON.stringify({ messages, ...more }));
  const stranger = { authorization: `Bearer ${randomBytes(32).toString("base64url")}` };
  return [
    ["/", {}],
    ["/sign-in", {}],
    ["/c/abc", { headers }],
    ["/nothing/here", { headers }],
    ["/api/health", {}],
    ["/api/health?deep=1", { headers }],
    ["/api/models", { headers }],
    ["/api/models", { headers: stranger }],
    ["/api/nothing", { headers }],
    ["/api/chat", { headers }],
    ["/api/chat", chat({ stream: true })],
    ["/api/chat", chat({ stream: false })],
    ["/api/chat", chat({ model: "nope" })],
    ["/api/chat", post("{ not json")],
    ["/api/chat", post(JSON.stringify({ messages }), stranger)],
    ["/api/session", post(JSON.stringify({ key: chain.accessKey }))],
    ["/api/session", post(JSON.stringify({ key: chain.doorKey }))],
    ["/api/requests/abc", { headers }],
  ];
}

async function askAll(chain: Chain): Promise<Text[]> {
  const answers: Text[] = [];
  for (const [path, init] of requests(chain)) {
    answers.push(await ask(chain.app.url, path, init));
  }
  return answers;
}

/** The door's own ways to go wrong, and keys sent where they do not belong. */
async function askDoor({ door, doorKey }: Chain): Promise<Text[]> {
  return [
    await ask(door.url, "/api/tags"),
    await ask(door.url, `/api/tags?key=${doorKey}`),
    await ask(door.url, "/api/tags", { headers: { "x-api-key": doorKey } }),
    await ask(door.url, "/api/tags", { headers: { "x-api-keys": doorKey } }),
    await ask(door.url, "/api/tags", { headers: { cookie: `key=${doorKey}` } }),
    await ask(door.url, "/api/pull", { headers: { "x-api-key": doorKey }, method: "POST" }),
  ];
}

describe.skipIf(parts.caddy === undefined)("the door's key and the access key", () => {
  let chain: Chain;
  let answers: Text[] = [];
  let logs: Text[] = [];

  beforeAll(async () => {
    const engine = await startDemoEngine({ controls: { tokensPerSecond: Infinity, loadMs: 0 } });
    chain = await startChain({ engine });
    answers = [...(await askAll(chain)), ...(await askDoor(chain))];
    await engine.close();
    answers.push(...(await askAll(chain)), ...(await askDoor(chain)));
    const doorLogs = await chain.door.logs();
    await chain.door.close();
    answers.push(...(await askAll(chain)));
    logs = [
      { where: "the app's log", text: chain.app.log() },
      { where: "the door's logs", text: doorLogs },
    ];
  });

  afterAll(() => chain.close());

  it("are in no answer", () => {
    expect(answers.map(({ where }) => where)).toContain("POST /api/chat -> 200");
    expect(answers.map(({ where }) => where)).toContain("POST /api/chat -> 502");
    expect(leaks(answers, [chain.doorKey, chain.accessKey])).toEqual([]);
  });

  it("are in no log", () => {
    expect(logs.filter(({ text }) => text.trim() === "")).toEqual([]);
    expect(logs[1]?.text).toContain("/api/chat");
    expect(leaks(logs, [chain.doorKey, chain.accessKey])).toEqual([]);
  });

  it("are in no file of the client build", async () => {
    const folder = join(await sharedBuild(), ".next/static");
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = names
      .filter((name) => name.isFile())
      .map((name) => join(name.parentPath, name.name));
    const files = await Promise.all(
      paths.map(async (where) => ({ where, text: await readFile(where, "latin1") })),
    );
    expect(files.length).toBeGreaterThan(0);
    // Neither a key nor the name under which the server reads it.
    const words = [chain.doorKey, chain.accessKey, "OLLAMA_API_KEY", "SESSION_SECRET"];
    expect(leaks(files, words)).toEqual([]);
  });

  it("would be found where they are", () => {
    const planted = { where: "a page", text: `<p>${chain.doorKey}</p>` };
    expect(leaks([planted], [chain.doorKey])).toEqual(["a page"]);
  });
});
