import { join } from "node:path";
import { sharedBuild } from "./build.ts";
import { startChild } from "./child.ts";
import { waitUntil } from "./wait-until.ts";

export interface App {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  /** Everything it wrote so far. */
  log(): string;
  close(): Promise<void>;
}

export interface AppOptions {
  /** The app's settings; nothing of the tests' own environment reaches it. */
  readonly env: Readonly<Record<string, string>>;
  /** 0 or absent: one the system chooses. */
  readonly port?: number | undefined;
  readonly host?: string | undefined;
}

/**
 * `next start` of the production build that all tests share.
 *
 * @throws Error with the app's log when it does not listen
 */
export async function startApp(options: AppOptions): Promise<App> {
  const folder = await sharedBuild();
  const next = join(folder, "node_modules/next/dist/bin/next");
  const host = options.host ?? "127.0.0.1";
  const child = await startChild(
    [process.execPath, next, "start", "-p", String(options.port ?? 0), "-H", host],
    {
      cwd: folder,
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: process.env["HOME"] ?? "",
        NEXT_TELEMETRY_DISABLED: "1",
        ...options.env,
      },
    },
  );
  const listeningPort = (): number | undefined => {
    if (child.ended()) {
      throw new Error("The app ended at once");
    }
    const match = /Local:\s+http:\/\/[^\s:]+:(\d+)[\s\S]*Ready in/u.exec(child.log());
    return match?.[1] === undefined ? undefined : Number(match[1]);
  };
  try {
    const port = await waitUntil("the app to listen", listeningPort, { timeoutMs: 30_000 });
    return { url: `http://127.0.0.1:${port}`, port, log: child.log, close: child.close };
  } catch (error) {
    await child.close();
    throw new Error(`The app did not start:\n${child.log()}`, { cause: error });
  }
}
