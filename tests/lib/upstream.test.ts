import type { RequestListener } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import type { Config } from "../../lib/config.ts";
import { RelayError } from "../../lib/errors.ts";
import { callDoor, callDoorForJson } from "../../lib/upstream.ts";
import { configFor, DOOR_KEY } from "./door-config.ts";
import { openDoorStub } from "./door-stub.ts";

let stack = new AsyncDisposableStack();

afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

async function open(answer: RequestListener, more = {}): Promise<{ config: Config; port: number }> {
  const door = stack.use(await openDoorStub(answer));
  return { config: configFor(door.url, more), port: door.port };
}

async function codeOf(config: Config): Promise<string> {
  const call = { method: "GET", path: "/api/tags", signal: AbortSignal.timeout(5_000) } as const;
  try {
    return JSON.stringify(await callDoorForJson(config, call));
  } catch (thrown) {
    if (thrown instanceof RelayError) return thrown.code;
    throw thrown;
  }
}

describe("what answers in the door's place", () => {
  it("gets the key, and its JSON is read", async () => {
    const { config } = await open((request, response) => {
      response.end(JSON.stringify({ key: request.headers["x-api-key"] === DOOR_KEY }));
    });
    expect(await codeOf(config)).toBe('{"key":true}');
  });

  it("is not followed elsewhere with the key in hand", async () => {
    const followed: string[] = [];
    const elsewhere = await open((request, response) => {
      followed.push(request.url ?? "");
      response.end("{}");
    });
    const { config } = await open((_request, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${elsewhere.port}/api/tags` }).end();
    });
    expect(await codeOf(config)).toBe("door_not_ours");
    expect(followed).toEqual([]);
  });

  it.each([
    ["a page", "text/html", "<html>Log in</html>", "door_not_ours"],
    ["words", "application/json", "no JSON", "door_not_ours"],
  ])("is not taken for the door when it answers with %s", async (_what, type, body, code) => {
    const { config } = await open((_request, response) => {
      response.writeHead(200, { "content-type": type }).end(body);
    });
    expect(await codeOf(config)).toBe(code);
  });

  it("is told apart from nobody", async () => {
    const { config, port } = await open((_request, response) => response.end("{}"));
    await stack.disposeAsync();
    stack = new AsyncDisposableStack();
    expect(config.doorUrl.port).toBe(String(port));
    expect(await codeOf(config)).toBe("door_refused_connection");
    // RFC 2606 reserves the name: it never resolves.
    expect(await codeOf(configFor("https://home.invalid"))).toBe("home_unreachable");
  });

  it("is not waited for without end when it takes a question and never answers", async () => {
    const { config } = await open(() => undefined, { FIRST_TOKEN_SECONDS: "1" });
    expect(await codeOf(config)).toBe("ollama_unreachable");
  });

  it("is interrupted when it hangs up without an answer", async () => {
    const { config } = await open((request) => request.socket.destroy());
    expect(await codeOf(config)).toBe("interrupted");
  });
});

describe("a kept-alive connection", () => {
  it("that was closed in the meantime costs a second attempt, not an error", async () => {
    let asked = 0;
    const { config } = await open((request, response) => {
      asked += 1;
      // Answers once on a connection and hangs up on whoever takes it up again.
      if (asked === 2) request.socket.destroy();
      else response.end("{}");
    });
    expect(await codeOf(config)).toBe("{}");
    expect(await codeOf(config)).toBe("{}");
    expect(asked).toBe(3);
  });
});

describe("an abort", () => {
  it("closes the connection and throws the signal's own reason", async () => {
    const { config } = await open(() => undefined);
    const controller = new AbortController();
    const asked = callDoor(config, {
      method: "GET",
      path: "/api/tags",
      signal: controller.signal,
    });
    const reason = new Error("pressed stop");
    controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
  });
});
