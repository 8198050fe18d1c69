/** What only a person can know. */
import { createInterface } from "node:readline/promises";
import { isDomainName, isOrigin, isPublicAddress } from "../spec/addresses.ts";
import type { Answers, Reach, Tunnel } from "./answers.ts";

/** Asks one question at a time. */
export interface Asker {
  /** @returns what was typed, without spaces around it; undefined when nobody is there any more */
  ask(question: string): Promise<string | undefined>;
  say(line: string): void;
}

/** So many answers that cannot be read are enough. */
const TRIES = 3;

/** Nobody answered, or not in a way that could be read. */
export class Unanswered extends Error {
  override readonly name = "Unanswered";
}

async function askFor<Answer>(
  asker: Asker,
  question: string,
  read: (text: string) => Answer | undefined,
  hint: string,
): Promise<Answer> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const text = await asker.ask(question);
    if (text === undefined) break;
    const answer = read(text);
    if (answer !== undefined) return answer;
    asker.say(hint);
  }
  throw new Unanswered(`There is no answer to: ${question.trim()}`);
}

const readNumber = (text: string): number | undefined => {
  const number = text === "" ? 1 : Number(text);
  return [1, 2, 3, 4, 5].includes(number) ? number : undefined;
};

const tunnelOf = (number: number): Tunnel => (number === 2 ? "cloudflared" : "tailscale");

const WAYS = `How does your app at Vercel get to this computer?
  1  not yet: a door for this computer alone
  2  a Cloudflare tunnel (works behind every provider)
  3  a Tailscale funnel (works behind every provider)
  4  a name of mine, such as ollama.example.com, and my router
  5  no name: my router's own address`;

const NAME_HINT = "A name has a dot in it and no https://, such as ollama.example.com.";

const askName = (asker: Asker): Promise<string> =>
  askFor(
    asker,
    "The name: ",
    (text) => (isDomainName(text.toLowerCase()) ? text.toLowerCase() : undefined),
    NAME_HINT,
  );

const askAddress = (asker: Asker): Promise<string> =>
  askFor(
    asker,
    "The router's address in the Internet: ",
    (text) => (isPublicAddress(text) ? text : undefined),
    "Your router's own page tells it, such as 203.0.113.9.",
  );

async function askReach(asker: Asker, isNameless: boolean): Promise<Reach> {
  if (isNameless) return { kind: "address", address: await askAddress(asker) };
  asker.say(WAYS);
  const number = await askFor(asker, "Number [1]: ", readNumber, "One of 1, 2, 3, 4, 5.");
  if (number === 1) return { kind: "here" };
  if (number === 4) return { kind: "name", name: await askName(asker) };
  if (number === 5) return { kind: "address", address: await askAddress(asker) };
  return { kind: "tunnel", tunnel: tunnelOf(number), name: undefined };
}

function readOrigins(text: string): readonly string[] | undefined {
  const origins = text.split(/[\s,]+/u).filter((one) => one !== "");
  return origins.every(isOrigin) ? origins : undefined;
}

const askOrigins = (asker: Asker): Promise<readonly string[]> =>
  askFor(
    asker,
    "Web pages elsewhere that call the door themselves (the app needs none) [none]: ",
    readOrigins,
    "Origins such as https://chat.example.com, a comma between.",
  );

/**
 * Asks for what was not given and cannot be found out.
 *
 * @throws Unanswered
 */
export async function completeAnswers(
  given: Answers,
  asker: Asker,
  isNameless: boolean,
): Promise<Answers> {
  const reach = given.reach ?? (await askReach(asker, isNameless));
  const origins = given.origins ?? (await askOrigins(asker));
  return { ...given, reach, origins };
}

/**
 * The person at the terminal; each answer is one line, also where lines come from a file.
 *
 * @param signal aborted by Ctrl-C: nobody answers any more then
 */
export function createAsker(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  signal: AbortSignal,
): Asker & { close(): void } {
  const lines = createInterface({ input, output, terminal: false, signal });
  const read = lines[Symbol.asyncIterator]();
  return {
    say: (line) => void output.write(`${line}\n`),
    ask: async (question) => {
      output.write(question);
      const { done, value } = await read.next();
      return done === true ? undefined : value.trim();
    },
    close: () => lines.close(),
  };
}
