import { describe, expect, it } from "vitest";
import { interrupted, problemOfBody, readProblem } from "../../../components/chats/problem.ts";
import { ERROR_TABLE, type ErrorCode } from "../../../lib/error-table.ts";
import { RelayError } from "../../../lib/errors.ts";

const isCode = (code: string): code is ErrorCode => Object.hasOwn(ERROR_TABLE, code);

describe("an error object", () => {
  it.each(Object.keys(ERROR_TABLE).filter((code) => isCode(code)))("%s is read whole", (code) => {
    const object = new RelayError(code).toObject("r1");
    expect(problemOfBody(JSON.stringify({ error: object }))).toEqual(object);
  });

  it("of a newer app, with a code this page does not know, is read", () => {
    const object = { code: "asleep", link: "network", message: "Zzz.", fix: "Wake it." };
    expect(readProblem(object)).toMatchObject({ code: "asleep", retryable: false });
  });

  it.each(["", "<h1>502</h1>", "{}", '{"error":"no"}', '{"error":{"code":"x","link":"moon"}}'])(
    "in %j is none, and the app is named",
    (body) => {
      expect(problemOfBody(body)).toMatchObject({ link: "app", retryable: true });
    },
  );
});

describe("an answer whose end did not come", () => {
  it("broke between this device and the app, which tells of all that breaks behind it", () => {
    expect(interrupted(true).link).toBe("app");
    expect(interrupted(false).link).toBe("browser");
  });
});
