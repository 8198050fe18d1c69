import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { type Check, proveDoor } from "../../gateway/prove.ts";

const KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

interface Door {
  /** Whether these header values let a caller in. */
  readonly opens?: (keys: readonly string[]) => boolean;
  readonly forbids?: boolean;
  readonly models?: readonly [status: number, body: string];
}

function statusOf(incoming: IncomingMessage, door: Door): readonly [status: number, body: string] {
  if (incoming.url === "/health") return [200, "OK"];
  const keys = incoming.rawHeaders.filter(
    (_, index, all) => index % 2 === 1 && /^x-api-key$/i.test(all[index - 1] ?? ""),
  );
  const opens = door.opens ?? ((given) => given.length === 1 && given[0] === KEY);
  if (!opens(keys)) return [401, ""];
  if (incoming.url !== "/api/tags" && door.forbids !== false) return [404, ""];
  return door.models ?? [200, '{"models":[]}'];
}

/** The checks a door of that kind fails, by name, and what to do. */
async function failuresOf(door: Door): Promise<Record<string, string>> {
  const server = createServer((incoming, outgoing) => {
    const [status, body] = statusOf(incoming, door);
    outgoing.writeHead(status).end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const { checks } = await proveDoor({ url: `http://127.0.0.1:${port}`, key: KEY });
  server.close();
  return failed(checks);
}

function failed(checks: readonly Check[]): Record<string, string> {
  return Object.fromEntries(
    checks.filter(({ ok }) => ok !== true).map(({ name, fix }) => [name, fix]),
  );
}

describe("proveDoor", () => {
  it("finds nothing wrong with a locked door", async () => {
    expect(await failuresOf({})).toEqual({});
  });

  it("finds every way past an open one", async () => {
    expect(Object.keys(await failuresOf({ opens: () => true }))).toEqual([
      "no-key",
      "empty-key",
      "wrong-key",
      "wildcard-key",
      "doubled-key-right-first",
      "doubled-key-right-last",
      "other-case-key",
    ]);
  });

  it.each([
    [
      "takes an empty key",
      "empty-key",
      (keys: readonly string[]) => keys[0] === "" || (keys[0] === KEY && keys.length === 1),
    ],
    [
      "looks at the first of two keys",
      "doubled-key-right-first",
      (keys: readonly string[]) => keys[0] === KEY,
    ],
    [
      "looks at the last of two keys",
      "doubled-key-right-last",
      (keys: readonly string[]) => keys.at(-1) === KEY,
    ],
  ])("finds one that %s", async (_, name, opens) => {
    expect(Object.keys(await failuresOf({ opens }))).toEqual([name]);
  });

  it("finds one that passes every path", async () => {
    expect(Object.keys(await failuresOf({ forbids: false }))).toEqual(["forbidden-path"]);
  });

  it.each([
    ["does not know the key", { opens: () => false }, "so that it knows this key"],
    ["passes a Host that Ollama refuses", { models: [403, ""] as const }, "rewrite Host"],
    ["has nothing behind it", { models: [502, ""] as const }, "Start Ollama"],
    [
      "has something else behind it",
      { models: [200, "<html>"] as const },
      "does not answer as Ollama does",
    ],
    [
      "has another JSON behind it",
      { models: [200, '{"models":1}'] as const },
      "does not answer as Ollama does",
    ],
  ])("says what to do about one that %s", async (_, door, fix) => {
    expect((await failuresOf(door))["right-key"]).toContain(fix);
  });

  it("says so when nothing listens there", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    server.close();
    await once(server, "close");
    const { checks } = await proveDoor({ url: `http://127.0.0.1:${port}`, key: KEY });
    expect(new Set(checks.map(({ ok, fix }) => `${ok} ${fix}`))).toEqual(
      new Set(["false Start the door: npm run up."]),
    );
    expect(checks[0]?.seen).toContain("ECONNREFUSED");
  });
});
