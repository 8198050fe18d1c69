/** Runs somebody's config before an echo, in a folder of its own that is gone afterwards. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { listenForEnding } from "../up/ending.ts";
import { ask, type Target } from "./ask.ts";
import { reasonOf } from "./check.ts";
import { type Echo, startEcho } from "./echo.ts";
import { prepare, type Prepared } from "./prepare-config.ts";

export interface ConfigRun {
  readonly server: "caddy" | "nginx";
  readonly target: Target;
  readonly echo: Echo;
  readonly rotates: boolean | undefined;
  /** Every line it logged so far, of requests and of the rest. */
  logs(): Promise<{ readonly access: string; readonly error: string }>;
  close(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

const START_MS = 6_000;
const END_MS = 2_000;
const LONGEST_OUTPUT = 2_000_000;

/** Waits until it answers anything in HTTP. @throws Error when it ends or does not */
async function waitForAnswer(
  target: Target,
  child: ChildProcess,
  output: () => string,
): Promise<void> {
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(
        `it does not start: ${output().trim().split("\n").at(-1)?.slice(0, 200) ?? ""}`,
      );
    const isThere = await ask(target, { path: "/health" }, { patienceMs: 1_000 }).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await sleep(30);
  }
  throw new Error("it does not answer");
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const isLate = await Promise.race([ended, sleep(END_MS, "late", { ref: false })]);
  if (isLate !== "late") return;
  child.kill("SIGKILL");
  await ended;
}

/** Caddy writes all into one stream unless told otherwise; its lines say which logger they are of. */
async function readLogs(
  folder: string,
  output: string,
): Promise<{ access: string; error: string }> {
  const names = await readdir(join(folder, "logs"));
  const files = await Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, "logs", name), "utf8")] as const),
  );
  const isAccess = (name: string, line: string): boolean =>
    line.includes('"http.log.access') || (name.startsWith("access") && !line.startsWith("{"));
  const lines = [...files, ["output", output] as const].flatMap(([name, text]) =>
    text.split("\n").map((line) => ({ line, isOfAccess: isAccess(name, line) })),
  );
  const pick = (wanted: boolean): string =>
    lines.flatMap(({ line, isOfAccess }) => (isOfAccess === wanted ? [line] : [])).join("\n");
  return { access: pick(true), error: pick(false) };
}

async function runPrepared(
  { adapted, server, command, env }: Prepared,
  folder: string,
  echo: Echo,
): Promise<ConfigRun> {
  const [program, ...args] = command;
  let output = "";
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...env, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const collect = (piece: Buffer): void => {
    if (output.length < LONGEST_OUTPUT) output += piece.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  child.on("error", collect.bind(undefined, Buffer.from("it cannot be started")));
  // nginx ends its workers only when it is asked.
  const atExit = (): void => void child.kill(server === "nginx" ? "SIGTERM" : "SIGKILL");
  process.once("exit", atExit);
  const url = new URL(`http://127.0.0.1:${adapted.port}`);
  const target = { url, ...(adapted.host === undefined ? {} : { host: adapted.host }) };
  const end = async (): Promise<void> => {
    await endChild(child);
    process.off("exit", atExit);
  };
  try {
    await waitForAnswer(target, child, () => output);
  } catch (error) {
    await end();
    throw error;
  }
  return {
    server,
    target,
    echo,
    rotates: adapted.rotates,
    logs: () => readLogs(folder, output),
    close: end,
  };
}

/**
 * Ends the copy when this program is to end. A program that listens for that itself, as `init`
 * does, also ends itself; any other one is ended here, as the signal would have done.
 *
 * @returns stops listening
 */
function endWithProgram(folder: string, close: () => Promise<void>): () => void {
  const isAlone = process.listenerCount("SIGTERM") === 0;
  const ending = listenForEnding(() => process.exit(130));
  // What is begun after the signal, or while it is handled, is left to this.
  const atExit = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", atExit);
  const end = async (): Promise<void> => {
    await close().catch(() => undefined);
    if (isAlone) process.exit(ending.code());
  };
  ending.signal.addEventListener("abort", () => void end(), { once: true });
  return () => {
    ending.close();
    process.off("exit", atExit);
  };
}

/**
 * Starts it.
 *
 * @returns a reason, where it cannot be run here
 * @throws never
 */
export async function runConfig(
  file: string,
  { env, silenceMs }: { env: Environment; silenceMs: number },
): Promise<ConfigRun | string> {
  // Node 20, on which the bundled file runs too, has no AsyncDisposableStack.
  const endings: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of endings.splice(0).toReversed()) await end();
  };
  try {
    const text = await readFile(file, "utf8");
    const folder = await mkdtemp(join(tmpdir(), "latchkey-config-"));
    const stopListening = endWithProgram(folder, close);
    endings.push(async () => {
      // Windows lets go of a file a little after its program has ended.
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      stopListening();
    });
    await mkdir(join(folder, "logs"), { mode: 0o700 });
    const echo = await startEcho(silenceMs);
    endings.push(() => echo.close());
    const prepared = await prepare(file, text, folder, echo.address, env);
    const run = await runPrepared(prepared, folder, echo);
    endings.push(() => run.close());
    return { ...run, close };
  } catch (thrown) {
    await close();
    return `the config could not be run here: ${explainFailure(thrown)}`;
  }
}

/** Caddy's complaints quote the line, which may be the one with the key. */
function explainFailure(thrown: unknown): string {
  const stderr = thrown instanceof Error && "stderr" in thrown ? String(thrown.stderr) : "";
  const lines = (stderr === "" ? reasonOf(thrown) : stderr).trim().split("\n");
  const told = lines.findLast((line) => !line.startsWith("{")) ?? lines.at(-1) ?? "";
  return told.replaceAll(/[A-Za-z0-9_-]{24,}/g, "...").slice(0, 200);
}
