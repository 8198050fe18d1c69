/**
 * Renders the door for nginx, from 1.19.5 on: the same door as Caddy's, from the same description.
 *
 * Everything lies in one run directory, which is nginx's prefix, so that every path is relative.
 *
 * What nginx cannot hold: it always names itself in the header Server. It looks a name among the
 * upstreams up once, when it starts. Before 1.23 it sees only the first of several headers of one
 * name, so that a right key followed by a wrong one is a right key. It refuses some malformed
 * requests with 400, 405 or 501 before the lock is asked, and passes none of them on. It tells no reason
 * of a failure without the address as it was asked, so that reasons are not logged at all.
 */
import { KEY_PATTERN } from "../../lib/contract.ts";
import type { GatewaySpec } from "../spec/spec.ts";
import { type Block, printNginx, type Word } from "./nginx-block.ts";
import { mapBlocks, OURS } from "./nginx-maps.ts";
import { upstreamBlock } from "./nginx-proxy.ts";
import { limitZones, serverBlock } from "./nginx-server.ts";

/** The files of a door in its run directory. */
export const NGINX_FILES = {
  config: "nginx.conf",
  keys: "keys.nginx",
  accessLog: "access.log",
  doorLog: "door.log",
  pid: "nginx.pid",
} as const;

const LOG_FORMAT = "latchkey";
/** Bodies too large for memory wait here; nginx creates it for its owner only. */
const TEMPORARY = "nginx-temp";

const LOG_LINE: Word = {
  json: {
    texts: {
      time: "time_iso8601",
      caller: OURS.caller,
      method: OURS.logMethod,
      path: OURS.logPath,
      remote: OURS.address,
      upstream: "upstream_addr",
    },
    numbers: { status: OURS.logStatus, bytes: "body_bytes_sent", seconds: "request_time" },
  },
};

function mainLines(): Block[] {
  return [
    {
      comment: "Written by Latchkey from latchkey.json: changes made here are lost.",
      keys: ["daemon", "off"],
    },
    {
      comment: "One is enough for a home, and knows how many streams each Ollama has.",
      keys: ["worker_processes", "1"],
    },
    { keys: ["pid", NGINX_FILES.pid] },
    { keys: ["lock_file", "nginx.lock"] },
    { keys: ["error_log", NGINX_FILES.doorLog, "notice"] },
    { keys: ["events"], children: [{ keys: ["worker_connections", "1024"] }] },
  ];
}

function logLines(): Block[] {
  return [
    {
      comment:
        "What fails in a request is told with its address, query and all, so nothing of it is: the access log has the status.",
      keys: ["error_log", NGINX_FILES.doorLog, "emerg"],
    },
    { keys: ["log_format", LOG_FORMAT, "escape=json", LOG_LINE] },
    {
      comment: "nginx does not rotate: whoever puts the file aside then sends USR1.",
      keys: ["access_log", NGINX_FILES.accessLog, LOG_FORMAT],
    },
  ];
}

function temporaryPaths(): Block[] {
  return ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => ({
    keys: [`${name}_temp_path`, TEMPORARY],
  }));
}

/**
 * The configuration of the door. It includes `keys.nginx` from the same directory.
 *
 * @throws Error for a value that cannot be written safely.
 */
export function renderNginx(spec: GatewaySpec): { config: string } {
  const http: Block = {
    keys: ["http"],
    children: [
      ...temporaryPaths(),
      ...logLines(),
      { keys: ["server_tokens", "off"] },
      { keys: ["gzip", "off"] },
      {
        comment: "A header with an underscore is another spelling of one with hyphens.",
        keys: ["underscores_in_headers", "off"],
      },
      { keys: ["ignore_invalid_headers", "on"] },
      { keys: ["map_hash_bucket_size", "128"] },
      ...mapBlocks(spec, NGINX_FILES.keys),
      ...limitZones(spec),
      upstreamBlock(spec),
      serverBlock(spec),
    ],
  };
  return { config: printNginx([...mainLines(), http]) };
}

/**
 * The lines of `keys.nginx`: a key and the caller it names. Secret: write it with mode 0600.
 *
 * Each is a pattern, since nginx compares a plain word without regard to case; no capitals all the
 * same, so that a key would not be guessed any sooner if it did.
 *
 * @throws Error for a malformed or doubled key; its text is not in the message.
 */
export function renderNginxKeys(
  callers: readonly { readonly name: string; readonly key: string }[],
): string {
  const malformed = callers.find(({ key }) => !KEY_PATTERN.test(key));
  if (malformed !== undefined) {
    throw new Error(
      `The key of ${malformed.name} must be 32 to 128 letters, digits, "-" or "_": make a new one.`,
    );
  }
  const capital = callers.find(({ key }) => /[A-Z]/.test(key));
  if (capital !== undefined) {
    throw new Error(
      `The key of ${capital.name} has capital letters, which nginx may not tell from small ones: make a new one.`,
    );
  }
  const doubled = callers.find(
    ({ key }, index) => callers.findIndex((other) => other.key === key) !== index,
  );
  if (doubled !== undefined)
    throw new Error(`The key of ${doubled.name} stands there twice: make a new one.`);
  return printNginx(callers.map(({ name, key }) => ({ keys: [{ pattern: `~^${key}$` }, name] })));
}
