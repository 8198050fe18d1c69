import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { startChild, type Child } from "../tests/helpers/child.ts";
import { makeCredentials } from "../tests/helpers/credentials.ts";
import { waitUntil } from "../tests/helpers/wait-until.ts";

export interface Server {
  readonly url: string;
  readonly pid: number;
  /** What it wants to see of a caller. */
  readonly headers: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface AppServer extends Server {
  /** The owner's. */
  readonly accessKey: string;
}

/** On, as in earnest, and too high to be met. */
const LIMITS = {
  MAX_ACTIVE: "5000",
  MAX_WAITING: "5000",
  REQUESTS_PER_MINUTE: "1000000",
};

const inherited = { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "" };

/** The port that a server writes when it listens. @throws Error with what it wrote, when it does not */
export async function portOf(child: Child, name: string, pattern: RegExp): Promise<number> {
  const find = (): number | undefined => {
    if (child.ended()) throw new Error("It ended at once");
    const match = pattern.exec(child.log());
    return match?.[1] === undefined ? undefined : Number(match[1]);
  };
  try {
    return await waitUntil(`${name} to listen`, find, { timeoutMs: 30_000 });
  } catch (error) {
    await child.close();
    throw new Error(`${name} did not start:\n${child.log()}`, { cause: error });
  }
}

/** The engine of the measurements, bench/upstream.ts. */
export async function startUpstream(): Promise<Server> {
  const script = join(import.meta.dirname, "upstream.ts");
  const child = await startChild([process.execPath, script], { env: inherited });
  const port = await portOf(child, "The upstream", /^port (\d+)$/mu);
  return { url: `http://127.0.0.1:${port}`, pid: child.pid, headers: {}, close: child.close };
}

/** So many entries of ACCESS_KEYS whose keys nobody has. */
function strangers(count: number): string {
  return Array.from({ length: count }, (_, index) => {
    const hash = createHash("sha256").update(randomBytes(16)).digest("hex");
    return `,other-${index}:member:${hash}`;
  }).join("");
}

export interface AppOptions {
  readonly folder: string;
  readonly upstreamUrl: string;
  /** Known access keys, the caller's own among them; 1 when absent. */
  readonly accessKeys?: number | undefined;
}

/**
 * `next start` of the measured build, one process, with its collector exposed to the route that asks
 * for it. Node raises its own limit of open files as far as the system lets it.
 */
export async function startApp(options: AppOptions): Promise<AppServer> {
  const { doorKey, accessKey, appEnv } = makeCredentials();
  const next = join(options.folder, "node_modules/next/dist/bin/next");
  const child = await startChild(
    [
      process.execPath,
      "--expose-gc",
      next,
      "start",
      "-p",
      "0",
      "-H",
      "127.0.0.1",
      // A connection that the app closes just as the next question comes would count as one that broke.
      "--keepAliveTimeout",
      "600000",
    ],
    {
      cwd: options.folder,
      env: {
        ...inherited,
        NEXT_TELEMETRY_DISABLED: "1",
        OLLAMA_BASE_URL: options.upstreamUrl,
        OLLAMA_API_KEY: doorKey,
        ...LIMITS,
        ...appEnv,
        ACCESS_KEYS: `${appEnv["ACCESS_KEYS"]}${strangers((options.accessKeys ?? 1) - 1)}`,
      },
    },
  );
  const pattern = /Local:\s+http:\/\/[^\s:]+:(\d+)[\s\S]*Ready in/u;
  const port = await portOf(child, "The app", pattern);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    accessKey,
    headers: { authorization: `Bearer ${accessKey}` },
    close: child.close,
  };
}
