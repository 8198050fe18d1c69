import { connect, createServer } from "node:net";
import { hasErrorCode } from "../system-error.ts";
import { findStranger } from "./own-port.ts";
import { findHolder } from "./port-holder.ts";
import { Problem } from "./problem.ts";

const LAST_PORT = 65_535;
/** So many ports are looked at before a person is asked to choose. */
const TRIES = 50;

function canListen(port: number, host: string): Promise<boolean | "forbidden"> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => {
      resolve(hasErrorCode(error, "EACCES") ? "forbidden" : false);
    });
    server.listen({ port, host, exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

/** macOS lets one listen on an address while another listens on all: asking is the surer way. */
export function somebodyAnswers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", end(true)).once("error", end(false)).setTimeout(500, end(false));
  });
}

async function isFree(port: number, host: string): Promise<boolean> {
  const allowed = await canListen(port, host);
  if (allowed === "forbidden") {
    throw new Problem(`Port ${port} is only for administrators.`, "Choose one above 1023.");
  }
  return allowed && !(await somebodyAnswers(port));
}

export interface PortWish {
  /** The port asked for by name; undefined: whichever is free. */
  readonly named: number | undefined;
  /** Where to begin to look otherwise. */
  readonly from: number;
  readonly host: string;
  /** The option that names it, for the sentence. */
  readonly option: string;
}

/**
 * A port to listen on: the one asked for by name, or the first free one.
 *
 * @returns the port, and the sentence to say when it is not the usual one
 * @throws Problem that names who holds the port that was asked for
 */
export async function choosePort(
  wish: PortWish,
): Promise<{ readonly port: number; readonly note?: string }> {
  const { named, from, host, option } = wish;
  const first = named ?? from;
  if (await isFree(first, host)) return { port: first };
  const holder = await findHolder(first);
  if (named !== undefined) {
    throw new Problem(
      `Port ${named} is taken by ${holder}.`,
      `End it, or choose another ${option}.`,
    );
  }
  for (let port = from + 1; port < Math.min(from + TRIES, LAST_PORT); port += 1) {
    if (await isFree(port, host)) return { port, note: `${from} is taken by ${holder}` };
  }
  throw new Problem(`Ports ${from} and on are all taken.`, `Choose one with ${option}.`);
}

/** Somebody else listens on the port that a program of ours listens on. */
export class SharedPort extends Problem {}

/**
 * Makes sure that a port is a program's own, before it is told anything secret.
 *
 * @param pid the program, which leads a process group
 * @throws SharedPort that names who else listens there
 */
export async function confirmPort(
  port: number,
  pid: number,
  option: PortWish["option"],
): Promise<void> {
  const stranger = await findStranger(port, pid);
  if (stranger === undefined) return;
  const who =
    typeof stranger === "string" ? stranger : `${stranger.name} (process ${stranger.pid})`;
  throw new SharedPort(
    `Port ${port} is used by ${who} too.`,
    `End it, or choose another ${option}.`,
  );
}

/** A port that nobody uses, for a part that only this program talks to. */
export function anyPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
