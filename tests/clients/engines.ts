import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Fault } from "../../gateway/demo/controls.ts";
import { type DemoEngine, startDemoEngine } from "../../gateway/demo/server.ts";
import { startOllama } from "../helpers/ollama.ts";
import { startTap, type Tap } from "../helpers/tap.ts";
import type { Models } from "./client.ts";

/** A request for words, as the engine's side saw it. */
export interface Asked {
  /** It is being answered, or was. */
  readonly isBegun: boolean;
  readonly isEnded: boolean;
  /** The other side left before the answer was complete. */
  readonly isLeft: boolean;
}

/** How an answer may break off. `strike` is called once an answer has begun. */
export interface Cut {
  readonly name: string;
  readonly prepare?: () => Disposable;
  readonly strike?: () => Promise<void>;
}

export interface Engine {
  /** Where the door finds it. */
  readonly url: string;
  readonly models: Models;
  /** A model that says words without end while `endless` holds. */
  readonly endlessModel: string;
  endless(): Disposable;
  /** So slow, for as long as it holds, that a client sees a first piece long before the last is said. */
  slowly(): Disposable;
  /** What the models are known to say. */
  readonly words: {
    readonly answer: string;
    readonly thought: string;
    /** Once they have the tool's result. */
    readonly told: string;
  };
  /** In the order they came. */
  asked(): readonly Asked[];
  readonly cuts: readonly Cut[];
  /** Of the generation of 2025. */
  readonly isOld: boolean;
  close(): Promise<void>;
}

const TOKENS_PER_SECOND = 1000;
const SLOW_TOKENS_PER_SECOND = 300;

const fault = (engine: DemoEngine, kind: Fault["kind"]): Cut => ({
  name: kind,
  prepare: () => {
    engine.controls.fault = { kind };
    return { [Symbol.dispose]: () => (engine.controls.fault = { kind: "none" }) };
  },
});

export async function demo(): Promise<Engine> {
  const controls = { tokensPerSecond: TOKENS_PER_SECOND, loadMs: 0, readMs: 0 };
  const engine = await startDemoEngine({ controls });
  return {
    url: engine.url,
    models: {
      answer: "latchkey-demo:latest",
      think: "latchkey-demo-thinking:latest",
      tools: "latchkey-demo-tools:latest",
      json: "latchkey-demo:latest",
      embed: "latchkey-demo-embed:latest",
    },
    endlessModel: "latchkey-demo:latest",
    endless: () => {
      // Longer than anybody waits here, and no longer, lest one that was not left keeps the place.
      engine.controls.tokens = 15_000;
      return { [Symbol.dispose]: () => (engine.controls.tokens = undefined) };
    },
    slowly: () => {
      engine.controls.tokensPerSecond = SLOW_TOKENS_PER_SECOND;
      return { [Symbol.dispose]: () => (engine.controls.tokensPerSecond = TOKENS_PER_SECOND) };
    },
    words: {
      answer: "한국어도 됩니다",
      thought: "I say first what I am",
      told: "The tool answered: 21",
    },
    asked: () =>
      engine.requests
        .filter(({ servedAt }) => servedAt !== undefined)
        .map(({ firstByteAt, closedAt, aborted }) => ({
          isBegun: firstByteAt !== undefined,
          isEnded: closedAt !== undefined,
          isLeft: aborted,
        })),
    cuts: [
      fault(engine, "cut-mid-line"),
      fault(engine, "end-without-done"),
      fault(engine, "error-line"),
    ],
    isOld: false,
    close: () => engine.close(),
  };
}

/** The scripted models have their own way. */
const AS_IT_IS: Disposable = { [Symbol.dispose]: () => undefined };

const run = promisify(execFile);

/** Ends what runs the models: each is a child of the server. */
async function killRunners(server: number): Promise<void> {
  const { stdout } = await run("ps", ["-A", "-o", "pid=,ppid="]);
  for (const line of stdout.trim().split("\n")) {
    const [pid, parent] = line.trim().split(/\s+/u).map(Number);
    if (pid !== undefined && parent === server) process.kill(pid, "SIGKILL");
  }
}

const ASKS = /^\/(?:api\/(?:chat|generate)|v1\/(?:chat|completions|responses|messages))/u;

const askedOf = (tap: Tap): readonly Asked[] =>
  tap.requests
    .filter(({ path }) => ASKS.test(path))
    .map(({ firstByteAt, endedAt, leftAt }) => ({
      isBegun: firstByteAt !== undefined,
      isEnded: endedAt !== undefined,
      isLeft: leftAt !== undefined,
    }));

/** A real Ollama with the scripted models, every one of which stays in memory. */
export async function ollama(): Promise<Engine> {
  await using started = new AsyncDisposableStack();
  const server = await startOllama({ env: { OLLAMA_MAX_LOADED_MODELS: "6" } });
  started.defer(() => server.close());
  const tap = await startTap(server.url);
  started.defer(() => tap.close());
  const messages = await fetch(`${server.url}/v1/messages`, { method: "POST", body: "{}" });
  const running = started.move();
  return {
    url: tap.url,
    models: { answer: "answer", think: "think", tools: "tools", json: "json", embed: "embed" },
    endlessModel: "endless",
    endless: () => AS_IT_IS,
    slowly: () => AS_IT_IS,
    words: {
      answer: "한국어로도",
      thought: "The person greets me",
      told: "It is 21 degrees in Seoul today",
    },
    asked: () => askedOf(tap),
    cuts: [{ name: "runner killed", strike: () => killRunners(server.pid) }],
    isOld: messages.status === 404,
    close: () => running.disposeAsync(),
  };
}
