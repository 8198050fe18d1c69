import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isAllowedHost } from "../../../gateway/demo/admission.ts";
import type { DemoEngine } from "../../../gateway/demo/server.ts";
import { startDemoEngine } from "../../../gateway/demo/server.ts";
import { chat } from "./asks.ts";
import { drain, open, send } from "./send.ts";

let engine: DemoEngine;

beforeAll(async () => {
  engine = await startDemoEngine({ controls: { tokensPerSecond: Infinity, loadMs: 0, readMs: 0 } });
});

afterAll(() => engine.close());

describe("the first thing that clients ask", () => {
  it.each(["/", "/api/tags", "/api/version"])("HEAD %s", async (path) => {
    const full = await send(engine.url, { path });
    const head = await send(engine.url, { method: "HEAD", path });
    expect(head).toMatchObject({ status: 200, text: "" });
    expect(head.headers["content-length"]).toBe(full.headers["content-length"]);
  });

  it("adds no header that Ollama does not send", async () => {
    const { headers } = await send(engine.url, { path: "/" });
    expect(Object.keys(headers).toSorted()).toEqual(["content-length", "content-type", "date"]);
  });
});

describe("Host", () => {
  it.each([
    ["localhost:11434", true],
    ["127.0.0.1", true],
    ["[::1]:11434", true],
    ["192.168.1.20:11434", true],
    ["gpu.local", true],
    ["LOCALHOST", true],
    ["", true],
    ["ollama.example.com", false],
    ["localhost.example.com", false],
    ["8.8.8.8", false],
  ])("%s", (host, allowed) => {
    expect(isAllowedHost(host)).toBe(allowed);
  });

  it("is looked at before the path, the method and the body", async () => {
    const headers = { host: "ollama.example.com" };
    for (const path of ["/", "/api/tags", "/nothing", "/v1/models"]) {
      expect(await send(engine.url, { path, headers })).toMatchObject({ status: 403, text: "" });
    }
    const model = await send(engine.url, { ...chat(), headers });
    expect(model).toMatchObject({ status: 403, text: "" });
  });

  it("does not matter to an engine that listens everywhere", async () => {
    const everywhere = await startDemoEngine({ host: "0.0.0.0" });
    const headers = { host: "ollama.example.com" };
    const answer = await send(`http://127.0.0.1:${everywhere.port}`, {
      path: "/api/version",
      headers,
    });
    await everywhere.close();
    expect(answer.status).toBe(200);
  });
});

describe("Origin", () => {
  it.each([
    ["http://localhost:3000", 200],
    ["https://127.0.0.1", 200],
    ["app://desktop", 200],
    ["https://evil.example", 403],
    ["http://localhost.evil.example", 403],
    ["null", 403],
  ])("%s", async (origin, status) => {
    const answer = await send(engine.url, { path: "/api/version", headers: { origin } });
    expect(answer.status).toBe(status);
    const allowed = answer.headers["access-control-allow-origin"];
    expect(allowed).toBe(status === 200 ? origin : undefined);
  });

  it("of the engine itself is nothing special", async () => {
    const headers = { origin: engine.url };
    const answer = await send(engine.url, { path: "/api/version", headers });
    expect(answer.status).toBe(200);
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
  });
});

describe("what makes no sense", () => {
  it.each([
    ["/api/pull", "POST", 404],
    ["/api/chat/", "POST", 404],
    ["/constructor", "GET", 404],
    ["/api/tags", "POST", 405],
    ["/v1/messages", "GET", 405],
    ["/v1/models/%zz", "GET", 404],
  ])("%s by %s", async (path, method, status) => {
    expect(await send(engine.url, { path, method })).toMatchObject({ status });
  });

  it.each([
    [{ messages: "hi" }, "cannot unmarshal string into Go struct field ChatRequest.messages"],
    [{ stream: "yes" }, "cannot unmarshal string into Go struct field ChatRequest.stream"],
    [{ keep_alive: "300" }, 'time: missing unit in duration "300"'],
    [{ options: { num_ctx: "big" } }, 'option "num_ctx" must be of type integer'],
  ])("%j", async (rest, words) => {
    const answer = await send(engine.url, chat(rest));
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(JSON.parse(answer.text).error).toContain(words);
  });

  it("is a list where an object should be", async () => {
    const answer = await send(engine.url, { path: "/api/chat", body: [] });
    expect(answer).toMatchObject({ status: 400 });
    expect(answer.text).toContain("cannot unmarshal array");
  });

  it("is a client that leaves in the middle of its body, and does no harm", async () => {
    const closed = engine.nextClosed();
    const socket = connect(engine.port, "127.0.0.1");
    await once(socket, "connect");
    const arrived = engine.next("arrived");
    socket.write("POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
    await arrived;
    socket.destroy();
    expect(await closed).toMatchObject({ path: "/api/chat", aborted: true });
    expect(await send(engine.url, { path: "/" })).toMatchObject({ status: 200 });
  });
});

describe("the list of requests", () => {
  it("tells what was asked, and when", async () => {
    const sent = { ...chat(), headers: { "x-request-id": "abc" } };
    const answer = await send(engine.url, sent);
    expect(answer.complete).toBe(true);
    expect(engine.requests.at(-1)).toMatchObject({
      method: "POST",
      path: "/api/chat",
      headers: { "x-request-id": "abc" },
      body: sent.body,
      aborted: false,
    });
    await expect.poll(() => engine.requests.at(-1)?.closedAt).toBeGreaterThan(0);
  });

  it("keeps only as many as it was told to", async () => {
    const small = await startDemoEngine({ remember: 2 });
    for (const path of ["/", "/api/ps", "/api/tags"]) await send(small.url, { path });
    await small.close();
    expect(small.requests.map((request) => request.path)).toEqual(["/api/ps", "/api/tags"]);
  });
});

describe("starting and closing", () => {
  it("says so when the port is taken", async () => {
    await expect(startDemoEngine({ port: engine.port })).rejects.toThrow("EADDRINUSE");
  });

  it("ends answers that are still going on, and may be done twice", async () => {
    const other = await startDemoEngine({ controls: { loadMs: 0, readMs: 0 } });
    const answer = drain(await open(other.url, chat()));
    await other.close();
    await other.close();
    expect(await answer).toMatchObject({ status: 200, complete: false });
  });
});
