import { defineCommand, UsageError } from "./command.ts";

const JSON_OPTION = { type: "boolean", about: "Print the result as JSON" } as const;
const DRY_RUN = { type: "boolean", about: "Say what would happen, change nothing" } as const;
const NAME = "A caller: up to 32 of a-z 0-9 -";
const MINUTE_MS = 60_000;
/** A week. */
const LONGEST_GRACE = 10_080;

/** As the description of the door has it. */
function readName(name: string): string {
  if (/^[a-z][a-z0-9-]{0,31}$/.test(name)) return name;
  throw new UsageError("NAME wants a letter, then up to 31 of a-z 0-9 -, all in lower case.");
}

/** In milliseconds. */
function readGrace(text = "60"): number {
  const minutes = Number(text);
  if (/^\d{1,5}(?:\.\d{1,4})?$/.test(text) && minutes <= LONGEST_GRACE) return minutes * MINUTE_MS;
  throw new UsageError(`--grace wants minutes from 0 to ${LONGEST_GRACE}.`);
}

/** Lets one more pass the door. */
export const keysAddCommand = defineCommand({
  name: "keys add",
  summary: "Let one more pass the door",
  typed: "npm run latchkey -- keys add",
  operands: { NAME },
  options: { json: JSON_OPTION, "dry-run": DRY_RUN },
  run: async ({ operand, flag }) => {
    const name = readName(operand("NAME"));
    const { add } = await import("../door/keys-run.ts");
    return add(name, { isJson: flag("json"), isDryRun: flag("dry-run") });
  },
});

/** Tells who may pass the door. */
export const keysListCommand = defineCommand({
  name: "keys list",
  summary: "Show who may pass the door",
  typed: "npm run latchkey -- keys list",
  options: { json: JSON_OPTION },
  run: async ({ flag }) => {
    const { list } = await import("../door/keys-run.ts");
    return list({ isJson: flag("json") });
  },
});

/** Renews a key of the door. */
export const keysRotateCommand = defineCommand({
  name: "keys rotate",
  summary: "Renew a key of the door",
  typed: "npm run latchkey -- keys rotate",
  operands: { NAME },
  options: {
    grace: { type: "string", value: "MIN", about: "The old one is good so long (60)" },
    json: JSON_OPTION,
    "dry-run": DRY_RUN,
  },
  notes: ["The running door takes it; no stream breaks."],
  run: async ({ operand, text, flag }) => {
    const wish = { name: readName(operand("NAME")), graceMs: readGrace(text("grace")) };
    const { rotate } = await import("../door/keys-run.ts");
    return rotate(wish, { isJson: flag("json"), isDryRun: flag("dry-run") });
  },
});

/** Lets one pass the door no longer. */
export const keysRevokeCommand = defineCommand({
  name: "keys revoke",
  summary: "Let one pass the door no longer",
  typed: "npm run latchkey -- keys revoke",
  operands: { NAME },
  options: { json: JSON_OPTION, "dry-run": DRY_RUN },
  run: async ({ operand, flag }) => {
    const name = readName(operand("NAME"));
    const { revoke } = await import("../door/keys-run.ts");
    return revoke(name, { isJson: flag("json"), isDryRun: flag("dry-run") });
  },
});
