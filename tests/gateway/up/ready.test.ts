import { expect, it } from "vitest";
import { readyText } from "../../../gateway/up/ready.ts";

const FACTS = {
  app: "http://127.0.0.1:3000",
  accessKey: "KEY",
  keyFile: "/srv/latchkey/.latchkey/access-key",
  host: "127.0.0.1",
  readyInMs: 8400,
  advice: undefined,
};

it("shows the key once, in the link to sign in with, and reads it from its file for curl", () => {
  const text = readyText(FACTS, "/srv/latchkey");
  expect(text).toMatchInlineSnapshot(`
    "
    Ready in 8.4 s. Chat here:
      http://127.0.0.1:3000/sign-in#KEY

    By curl:
      curl -N http://127.0.0.1:3000/api/chat -H "Authorization: Bearer $(cat .latchkey/access-key)" -H "Content-Type: application/json" -d '{"stream":true,"messages":[{"role":"user","content":"Hello"}]}'

    Ctrl-C ends everything.
    "
  `);
  expect(text.split("KEY")).toHaveLength(2);
});

it("names the key's file as it is reached from the person's folder", () => {
  expect(readyText(FACTS, "/srv/latchkey/docs")).toContain("$(cat ../.latchkey/access-key)");
  expect(readyText(FACTS, "/var/tmp/a/b/c/d")).toContain(`$(cat ${FACTS.keyFile})`);
});

it("tells how to get the real thing where the demo engine answers", () => {
  const text = readyText({ ...FACTS, advice: ["Install it.", "Pull one."] }, "/");
  expect(text).toContain("The demo engine answers. For real models:\n  Install it.\n  Pull one.\n");
});

it("says so where strangers are let in", () => {
  expect(readyText(FACTS, "/")).not.toContain("guest");
  expect(readyText({ ...FACTS, isPublic: true }, "/")).toContain("may chat as a guest");
});
