import { expect, it } from "vitest";
import { checkEnvironment } from "../../../gateway/up/check-environment.ts";
import { appEnvironment } from "../../../gateway/up/environment.ts";
import { ROOT } from "../../helpers/copy-tree.ts";

const HASH = "5".repeat(64);
const named = { name: "ann", role: "member", hash: "6".repeat(64), expiresAt: undefined } as const;
const SETTINGS = {
  doorUrl: "http://127.0.0.1:11435",
  doorKey: "Kx7-q_R2Zt5vB8nM1cW4jL6hP9dG3fS0",
  sessionSecret: "0123456789abcdef".repeat(4),
  accessKeyHash: "7".repeat(64),
  namedKeys: [named],
};

const check = (found: Readonly<Record<string, string>>): Promise<void> =>
  checkEnvironment(ROOT, appEnvironment(found, SETTINGS), found["ACCESS_KEYS"]);

it.each([
  ["foo", "a comma between; yours is not."],
  [`bob:guest:${HASH},foo`, "a comma between; entry 2 of yours is not."],
  [` ,bob:guest:${HASH}, foo,`, "a comma between; entry 2 of yours is not."],
])("counts the entries of ACCESS_KEYS as the person gave them: %j", async (found, end) => {
  const wants = "ACCESS_KEYS wants name:role:sha256hex[:expiry],";
  await expect(check({ ACCESS_KEYS: found })).rejects.toThrow(`${wants} ${end}`);
  await expect(check({ ACCESS_KEYS: found })).rejects.not.toThrow("foo");
});

it("tells what else is wrong, in one sentence", async () => {
  const found = { ACCESS_KEYS: "foo", PUBLIC_ACCESS: "perhaps" };
  await expect(check(found)).rejects.toThrow(/ACCESS_KEYS wants .+; PUBLIC_ACCESS wants true or/u);
});

it("has nothing against a good one", async () => {
  await expect(check({ ACCESS_KEYS: `bob:guest:${HASH},` })).resolves.toBeUndefined();
});
