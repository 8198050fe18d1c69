/** The door's server as a program to be watched, and how to tell that it is open. */
import { request as requestHttps } from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { DOOR_HEALTH_PATH } from "../../lib/contract.ts";
import { localUrl } from "../init/words.ts";
import type { GatewaySpec } from "../spec/spec.ts";
import { confirmPort } from "../up/ports.ts";
import type { Service } from "../up/supervisor.ts";
import type { DoorProgram, Environment } from "./program.ts";

const ASK_MS = 2_000;

const bare = (host: string): string => host.replace(/^\[(.*)\]$/u, "$1");

/** Whether anything takes connections there. */
export function isListening(url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(url.port), bare(url.hostname));
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", end(true)).once("error", end(false)).setTimeout(ASK_MS, end(false));
  });
}

/** Nothing secret is sent: whose certificate it is does not matter here. */
function healthOverTls(url: URL): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const outgoing = requestHttps(
      {
        host: bare(url.hostname),
        port: url.port,
        path: DOOR_HEALTH_PATH,
        rejectUnauthorized: false,
      },
      (incoming) => {
        incoming.resume();
        resolve(incoming.statusCode === 200);
      },
    );
    outgoing.on("error", reject).setTimeout(ASK_MS, () => outgoing.destroy());
    outgoing.end();
  });
}

/** Whether the door of that description answers here. */
async function isOpen(spec: GatewaySpec): Promise<boolean> {
  const url = new URL(localUrl(spec));
  if (spec.tls === "off") {
    const signal = AbortSignal.timeout(ASK_MS);
    return (await fetch(new URL(DOOR_HEALTH_PATH, url), { signal })).ok;
  }
  // A certificate for a name may take minutes to come; the port is open before.
  return spec.tls === "automatic" ? isListening(url) : healthOverTls(url);
}

/** An environment without the names that are not set. */
function defined(env: Environment): Record<string, string> {
  const set = Object.entries(env).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  return Object.fromEntries(set);
}

export interface ServiceWish {
  readonly spec: GatewaySpec;
  readonly program: DoorProgram;
  readonly env: Environment;
  /** What names its port, for the sentence. */
  readonly portOption: string;
}

/** How to run the door whose files lie in the state folder. */
export function doorService(
  home: string,
  { spec, program, env, portOption }: ServiceWish,
): Service {
  const logFile = join(home, `${program.kind}.log`);
  return {
    name: "The door",
    command: program.path,
    args: program.args(home),
    env: defined(program.environment(home, env)),
    cwd: home,
    logFile,
    isReady: () => isOpen(spec),
    confirm: (pid) => confirmPort(spec.listen.port, pid, portOption),
    patienceMs: 15_000,
    fix: `Look at ${logFile} and ${join(home, program.files.doorLog)}.`,
  };
}
