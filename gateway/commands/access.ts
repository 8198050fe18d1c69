import { isRole, NAME_PATTERN, type Role, ROLES } from "../access/entries.ts";
import { defineCommand, UsageError } from "./command.ts";

const SECONDS_A_DAY = 86_400;

const JSON_OPTION = { type: "boolean", about: "Print the result as JSON" } as const;
const DRY_RUN = { type: "boolean", about: "Say what would happen, change nothing" } as const;
const NAME = "1 to 64 of A-Z a-z 0-9 . _ -";

function readName(name: string): string {
  if (NAME_PATTERN.test(name)) return name;
  throw new UsageError(`NAME wants ${NAME}.`);
}

function readRole(text = "member"): Role {
  if (isRole(text)) return text;
  throw new UsageError(`--role wants one of ${ROLES.join(", ")}.`);
}

/** In Unix seconds. */
function readExpiry(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const days = Number(text);
  if (!/^\d{1,5}$/.test(text) || days < 1) {
    throw new UsageError("--days wants a whole number from 1 to 99999.");
  }
  return Math.floor(Date.now() / 1000) + days * SECONDS_A_DAY;
}

/** Makes a key for somebody. */
export const accessAddCommand = defineCommand({
  name: "access add",
  summary: "Make a named access key",
  typed: "npm run latchkey -- access add",
  operands: { NAME },
  options: {
    role: { type: "string", value: "R", about: "owner, member (the default) or guest" },
    days: { type: "string", value: "N", about: "Ends after so many days (never)" },
    json: JSON_OPTION,
    "dry-run": DRY_RUN,
  },
  run: async ({ operand, text, flag }) => {
    const name = readName(operand("NAME"));
    const role = readRole(text("role"));
    const expiresAt = readExpiry(text("days"));
    const { add } = await import("../access/run.ts");
    return add({ name, role, expiresAt }, { isJson: flag("json"), isDryRun: flag("dry-run") });
  },
});

/** Tells who has a key. */
export const accessListCommand = defineCommand({
  name: "access list",
  summary: "Show who has an access key",
  typed: "npm run latchkey -- access list",
  options: { json: JSON_OPTION },
  run: async ({ flag }) => {
    const { list } = await import("../access/run.ts");
    return list({ isJson: flag("json") });
  },
});

/** Takes a key away. */
export const accessRemoveCommand = defineCommand({
  name: "access remove",
  summary: "Drop an access key",
  typed: "npm run latchkey -- access remove",
  operands: { NAME },
  options: { json: JSON_OPTION, "dry-run": DRY_RUN },
  run: async ({ operand, flag }) => {
    const name = readName(operand("NAME"));
    const { remove } = await import("../access/run.ts");
    return remove(name, { isJson: flag("json"), isDryRun: flag("dry-run") });
  },
});
