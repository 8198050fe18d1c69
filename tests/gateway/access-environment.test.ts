import { describe, expect, it } from "vitest";
import type { AccessEntry } from "../../gateway/access/entries.ts";
import { appEnvironment } from "../../gateway/up/environment.ts";

const [OWN, FILE, ENVIRONMENT] = ["0", "1", "2"].map((digit) => digit.repeat(64));

const named = (name: string, expiresAt?: number): AccessEntry => ({
  name,
  role: "member",
  hash: FILE ?? "",
  expiresAt,
});

function accessKeys(found: string | undefined, namedKeys: readonly AccessEntry[]) {
  const settings = {
    doorUrl: "http://127.0.0.1:11435",
    doorKey: "the-door-key",
    sessionSecret: "the-session-secret",
    accessKeyHash: OWN ?? "",
    namedKeys,
  };
  return appEnvironment({ ACCESS_KEYS: found }, settings)["ACCESS_KEYS"]?.split(",");
}

describe("ACCESS_KEYS of the app that up starts", () => {
  it("are the local key, the named ones and those found, in this order", () => {
    expect(
      accessKeys(` zoe:guest:${ENVIRONMENT} `, [named("ann"), named("bob", 1_900_000_000)]),
    ).toStrictEqual([
      `owner:owner:${OWN}`,
      `ann:member:${FILE}`,
      `bob:member:${FILE}:1900000000`,
      `zoe:guest:${ENVIRONMENT}`,
    ]);
  });

  it("hold a name once: what is found in the environment is the person's last word", () => {
    const found = `zoe:guest:${ENVIRONMENT},bob:guest:${ENVIRONMENT}`;
    expect(accessKeys(found, [named("ann"), named("bob")])).toStrictEqual([
      `owner:owner:${OWN}`,
      `ann:member:${FILE}`,
      `zoe:guest:${ENVIRONMENT}`,
      `bob:guest:${ENVIRONMENT}`,
    ]);
  });

  it.each([undefined, "", "  "])("need none in the environment: %j", (found) => {
    expect(accessKeys(found, [named("ann")])).toStrictEqual([
      `owner:owner:${OWN}`,
      `ann:member:${FILE}`,
    ]);
  });
});
