import { describe, expect, it } from "vitest";
import { answerError, connectionError } from "../../lib/upstream-errors.ts";
import { bodyOf, readRecordings } from "../helpers/recordings.ts";

const recordings = readRecordings();

describe("what a recorded refusal of Ollama's means", () => {
  it.each([
    ["2026-08/chat-missing-model", "model_not_found"],
    ["v0.11.4/chat-missing-model", "model_not_found"],
    ["2026-08/show-missing", "model_not_found"],
    ["2026-08/chat-tools-unsupported", "unsupported_capability"],
    ["2026-08/chat-thinking-unsupported", "unsupported_capability"],
    ["v0.11.4/chat-thinking-unsupported", "unsupported_capability"],
    ["2026-08/chat-embedding-model", "unsupported_capability"],
    ["2026-08/chat-busy", "ollama_busy"],
    ["2026-08/chat-foreign-host", "door_host_rewrite"],
    ["2026-08/chat-foreign-origin", "door_host_rewrite"],
    ["2026-08/chat-bad-option", "bad_request"],
    ["2026-08/chat-json-runner-killed", "ollama_failed"],
  ])("%s -> %s", (name, code) => {
    const recording = recordings.get(name);
    if (recording === undefined) throw new Error(`no recording ${name}`);
    expect(answerError(recording.response.status, false, bodyOf(recording)).code).toBe(code);
  });
});

describe("what somebody else's answer means", () => {
  it.each([
    [401, false, "", "door_refused_key"],
    [403, false, "", "door_host_rewrite"],
    [502, false, "", "ollama_unreachable"],
    [503, false, "", "ollama_unreachable"],
    [200, true, "<html>", "door_not_ours"],
    [302, false, "", "door_not_ours"],
    [404, false, "", "door_not_ours"],
    [502, true, "<html>nginx", "door_not_ours"],
  ] as const)("%i, page %s, %j -> %s", (status, html, body, code) => {
    expect(answerError(status, html, body).code).toBe(code);
  });

  it.each([
    ["ECONNREFUSED", "door_refused_connection"],
    ["ENOTFOUND", "home_unreachable"],
    ["ETIMEDOUT", "home_unreachable"],
    ["CERT_HAS_EXPIRED", "door_tls"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "door_tls"],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "door_tls"],
    ["ECONNRESET", "interrupted"],
  ])("a connection that fails with %s -> %s", (code, expected) => {
    expect(connectionError(Object.assign(new Error(code), { code })).code).toBe(expected);
  });

  it("is not made of words that Ollama only quotes, and takes no time over long ones", () => {
    const quoted = (text: string) => JSON.stringify({ error: `invalid format: "${text}"` });
    expect(answerError(400, false, quoted("the prompt exceeds the context")).code).toBe(
      "bad_request",
    );
    const long = quoted(`${"prompt".repeat(100_000)}${"exceeds".repeat(100_000)}`);
    const error = answerError(400, false, long);
    expect(error.code).toBe("bad_request");
    expect(String(error.cause)).toBe("400 invalid format: ");
  });

  it.each([
    [429, "ollama_busy"],
    [402, "ollama_failed"],
    [408, "ollama_busy"],
  ])("a refusal of Ollama's account, %i, is %s", (status, code) => {
    expect(answerError(status, false, '{"error":"usage limit reached"}').code).toBe(code);
  });

  it("keeps upstream's text out of what a caller is told", () => {
    const error = answerError(500, false, '{"error":"dial tcp 10.1.2.3:53: no such host"}');
    expect(JSON.stringify(error.toObject("id"))).not.toContain("10.1.2.3");
  });
});
