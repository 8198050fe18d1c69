import { resolve } from "node:path";
import { DEFAULT_PORTS } from "../../lib/contract.ts";
import { listenForEnding } from "../up/ending.ts";
import { stateFolder } from "../up/places.ts";
import { choosePort } from "../up/ports.ts";
import { readAppAddress } from "../up/running.ts";
import type { AppAddress } from "./app-address.ts";
import { type Connector, startConnector } from "./connector.ts";
import { type Greeting, greet } from "./greeting.ts";
import { type KeySource, readKey } from "./read-key.ts";

export interface ConnectOptions {
  readonly address: AppAddress;
  /** Asked for by name. */
  readonly port: number | undefined;
  readonly keySource: KeySource;
}

/** After this a look-up of a name that is still under way keeps nobody waiting. */
const LONGEST_END_MS = 500;

const HOST = "127.0.0.1";

/** npm runs scripts in the clone; a person means the folder where they typed it. */
const fromPerson = (path: string): string => resolve(process.env["INIT_CWD"] ?? "", path);

function sayGreeting(greeting: Greeting, { url }: AppAddress): void {
  if (greeting.kind === "connected") {
    const count = greeting.models === 1 ? "1 model" : `${greeting.models} models`;
    console.log(`Connected to ${url.origin} (${count}).`);
    return;
  }
  console.error(greeting.message);
  console.error(greeting.fix);
}

function sayPlace({ url, port }: Connector, greeting: Greeting): void {
  const isConnected = greeting.kind === "connected";
  const model = (isConnected ? greeting.model : undefined) ?? "MODEL";
  const lines = [
    `Ollama is at ${url}`,
    `  OLLAMA_HOST=${HOST}:${port} ollama run ${model}`,
    `OpenAI's clients: ${url}/v1`,
    isConnected
      ? "Every program on this computer can use it. Ctrl-C ends it."
      : "Waiting for the app; meanwhile programs get an error. Ctrl-C ends it.",
  ];
  console.log(lines.join("\n"));
}

/**
 * Runs the connector in the foreground until a signal ends it.
 *
 * @returns the exit code: 1 when only other arguments help
 * @throws Problem for a missing key or a port that is taken
 */
export async function connect({ address, port, keySource }: ConnectOptions): Promise<number> {
  const home = stateFolder();
  const { file, variable } = keySource;
  const source = { variable, file: file === undefined ? undefined : fromPerson(file) };
  const key = await readKey(source, home, process.env);
  if (address.warning !== undefined) console.error(address.warning);
  const wish = { named: port, from: DEFAULT_PORTS.ollama, host: HOST, option: "--port" };
  const chosen = await choosePort(wish);
  if (chosen.note !== undefined) console.log(`${chosen.note}.`);

  // A terminal that was closed takes no more lines; the signal that says so is on its way.
  process.stdout.on("error", () => undefined);
  const ending = listenForEnding(() => process.exit(130));
  const appUrl = address.url;
  const connector = await startConnector({ appUrl: appUrl.href, key, port: chosen.port });
  try {
    const greeting = await greet({ appUrl, key }, ending.signal, readAppAddress(home));
    if (ending.signal.aborted) return 0;
    sayGreeting(greeting, address);
    if (greeting.kind === "failed" && greeting.isFinal) return 1;
    sayPlace(connector, greeting);
    await ending.wished;
    return 0;
  } finally {
    await connector.close();
    ending.close();
    setTimeout(() => process.exit(), LONGEST_END_MS).unref();
  }
}
