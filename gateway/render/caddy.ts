/**
 * Renders the door for Caddy, from Debian's 2.6.2 on.
 *
 * Everything lies in one run directory, which is Caddy's working directory, so that every path is
 * relative: a socket's absolute path may be too long for the system.
 */
import { KEY_PATTERN } from "../../lib/contract.ts";
import { type Block, printCaddyfile } from "../block.ts";
import type { GatewaySpec } from "../spec/spec.ts";
import { originHeaders, preflight } from "./caddy-cors.ts";
import { CADDY_FILES } from "./caddy-files.ts";
import { limitOfCallers, limitOfStrangers } from "./caddy-limits.ts";
import { recognition, refusals, strangers } from "./caddy-lock.ts";
import { accessLog, doorLog } from "./caddy-logs.ts";
import { proxy } from "./caddy-proxy.ts";
import { globalTls, serverTls, siteAddresses, siteTls } from "./caddy-tls.ts";
import { caddyKnows } from "./caddy-version.ts";

export { CADDY_FILES } from "./caddy-files.ts";
export { limitsNote } from "./caddy-limits.ts";

/** What the text depends on beside the description. */
export interface CaddyTraits {
  /** As `caddy version` prints it. */
  readonly caddyVersion: string;
  /** As `caddy list-modules` prints them; what only a plugin can do is left out without it. */
  readonly modules?: ReadonlySet<string>;
  readonly platform?: NodeJS.Platform;
}

function globalOptions(
  spec: GatewaySpec,
  { caddyVersion, platform = process.platform }: CaddyTraits,
): Block {
  const idle: Block[] = caddyKnows(caddyVersion, "idleTimeouts")
    ? [{ keys: ["read_body_idle", "30m"] }, { keys: ["write_idle", "30m"] }]
    : [];
  return {
    comment: "Written by Latchkey from latchkey.json: changes made here are lost.",
    keys: [],
    children: [
      { keys: ["admin", platform === "win32" ? "off" : `unix/${CADDY_FILES.adminSocket}`] },
      ...(caddyKnows(caddyVersion, "persistConfig") ? [{ keys: ["persist_config", "off"] }] : []),
      ...globalTls(spec, caddyVersion),
      {
        keys: ["servers"],
        children: [
          ...serverTls(spec),
          { keys: ["timeouts"], children: [{ keys: ["read_header", "10s"] }, ...idle] },
        ],
      },
      { keys: ["log", "default"], children: doorLog(spec) },
    ],
  };
}

/** From top to bottom, as each request goes: what is open comes before what counts and what locks. */
function handlers(spec: GatewaySpec, { modules = new Set() }: CaddyTraits): Block[] {
  return [
    { keys: ["header"], children: [{ keys: ["-Server"] }, { keys: ["-Via"] }] },
    ...originHeaders(spec),
    ...recognition(spec),
    ...preflight(spec),
    strangers(spec),
    ...limitOfStrangers(spec, modules),
    { keys: ["respond", "@stranger", "401"] },
    ...limitOfCallers(spec, modules),
    ...refusals(spec),
    ...proxy(spec),
  ];
}

/**
 * The Caddyfile of the door. It imports `keys.caddy` from the same directory.
 *
 * @throws Error for a value that cannot be written safely.
 */
export function renderCaddy(spec: GatewaySpec, traits: CaddyTraits): { caddyfile: string } {
  const site: Block = {
    comment: "Any Host is answered alike; only the address that is bound decides who can knock.",
    keys: siteAddresses(spec),
    children: [
      { keys: ["bind", spec.listen.address] },
      ...siteTls(spec),
      { keys: ["log"], children: accessLog(spec) },
      { keys: ["route"], children: handlers(spec, traits) },
    ],
  };
  return { caddyfile: printCaddyfile([globalOptions(spec, traits), site]) };
}

/**
 * The lines of `keys.caddy`: a key and the caller it names, who may hold several while one is replaced.
 * Secret: write it with mode 0600.
 *
 * @throws Error for a malformed or doubled key; its text is not in the message.
 */
export function renderCaddyKeys(
  callers: readonly { readonly name: string; readonly key: string }[],
): string {
  const malformed = callers.find(({ key }) => !KEY_PATTERN.test(key));
  if (malformed !== undefined) {
    throw new Error(
      `The key of ${malformed.name} must be 32 to 128 letters, digits, "-" or "_": make a new one.`,
    );
  }
  const doubled = callers.find(
    ({ key }, index) => callers.findIndex((other) => other.key === key) !== index,
  );
  if (doubled !== undefined)
    throw new Error(`The key of ${doubled.name} belongs to another caller too: make a new one.`);
  return printCaddyfile(callers.map(({ name, key }) => ({ keys: [key, name] })));
}
