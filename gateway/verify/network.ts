/** The line to the door, and who else is at that address. */
import { DEFAULT_PORTS } from "../../lib/contract.ts";
import { portOf } from "../spec/addresses.ts";
import { type Answer, ask } from "./ask.ts";
import {
  bad,
  badBeyond,
  type CheckDefinition,
  good,
  NotTelling,
  untold,
  type Verdict,
} from "./check.ts";
import { holdersOf, isOpenToOthers, type ListeningSocket, socketsOn } from "./listeners.ts";
import type { Subject } from "./subject.ts";
import { isThisComputer, portNumber } from "./trust.ts";
import { MODELS_PATH } from "./lock.ts";

const PATIENCE_MS = 2_500;

async function runTls(subject: Subject): Promise<Verdict> {
  const { tls, authority } = subject;
  if (tls === undefined) {
    const fix = "Give the door TLS, or let it listen on 127.0.0.1 behind a tunnel.";
    return badBeyond(subject, "plain HTTP", fix);
  }
  if (tls.isTrusted) return good(`${tls.seen}${authority === undefined ? "" : ", pinned"}`);
  const fix =
    authority === undefined
      ? "Set OLLAMA_CA to the root of the door's certificate, or get one for its name."
      : "Set OLLAMA_CA to the root of this door's certificate: it is another's now.";
  return badBeyond(subject, `not trusted: ${tls.seen}`, fix);
}

/** Asks in clear as a stranger; undefined when nobody answers in HTTP. */
async function askInClear(subject: Subject, port: number): Promise<Answer | undefined> {
  const url = new URL(subject.url);
  url.protocol = "http:";
  url.port = String(port);
  const limits = { signal: subject.signal, patienceMs: PATIENCE_MS };
  return ask({ url }, { path: MODELS_PATH }, limits).catch(() => undefined);
}

/** A door that also answers in clear is asked in clear one day, with the key. */
async function runInClear(subject: Subject): Promise<Verdict> {
  const fix = "Let plain HTTP answer nothing but a redirect to https.";
  if (subject.tls === undefined) {
    if (subject.keyRefusal !== undefined)
      return bad("the key would cross the network in clear, so it was not sent", fix);
    return badBeyond(subject, "plain HTTP answers, and asks for it", fix);
  }
  const ports = [...new Set([80, portNumber(subject.url)])];
  const open = await Promise.all(
    ports.map(async (port) => {
      const status = (await askInClear(subject, port))?.status;
      return status === 200 || status === 401 ? [`port ${port} answered ${status} in clear`] : [];
    }),
  );
  const found = open.flat();
  if (found.length === 0) return good("no answer in clear that asks for a key");
  return badBeyond(subject, found.join("; "), fix);
}

const OWN_PORT_FIX =
  "Let Ollama listen on 127.0.0.1 alone: unset OLLAMA_HOST, start it again, and close its port in the router.";

function portsText(ports: readonly number[]): string {
  return ports.length === 1 ? `port ${ports[0]} is` : `ports ${ports.join(" and ")} are`;
}

/** On this computer the port answers, of course; what counts is who else could reach it. */
async function lookAtOwnPort(ports: readonly number[]): Promise<Verdict> {
  const found = await Promise.all(ports.map(socketsOn));
  if (found.includes(undefined)) throw new NotTelling("this system does not say who listens where");
  const open = found.flatMap((sockets) => (sockets ?? []).filter(isOpenToOthers));
  const [first] = open;
  if (first !== undefined)
    return bad(`port ${first.port} listens on ${first.address}`, OWN_PORT_FIX);
  return untold(`asked at this computer itself: ${portsText(ports)} open to no other`);
}

async function knockAtOwnPort(subject: Subject, port: number): Promise<string | undefined> {
  const url = new URL(subject.url);
  url.protocol = "http:";
  url.port = String(port);
  const limits = { signal: subject.signal, patienceMs: PATIENCE_MS };
  const answer = await ask({ url }, { path: "/api/version" }, limits).catch(() => undefined);
  if (answer === undefined) return undefined;
  const isOllama =
    (answer.status === 200 && answer.body.includes('"version"')) ||
    (answer.status === 403 && answer.body === "");
  return isOllama ? `Ollama itself answers at port ${port}` : undefined;
}

async function runOwnPort(subject: Subject): Promise<Verdict> {
  const engine = subject.engineUrl === undefined ? [] : [portOf(subject.engineUrl)];
  const all = [...new Set([DEFAULT_PORTS.ollama, ...engine])];
  const ports = all.filter((port) => port !== portNumber(subject.url));
  if (ports.length === 0) throw new NotTelling("the door itself is at Ollama's port");
  if (isThisComputer(subject.url)) return lookAtOwnPort(ports);
  const found = await Promise.all(ports.map((port) => knockAtOwnPort(subject, port)));
  const open = found.filter((one) => one !== undefined);
  if (open.length > 0) return bad(open.join("; "), OWN_PORT_FIX);
  return good(`no Ollama answers at port ${ports.join(" or ")}`);
}

/** One program may listen with several sockets, such as for IPv4 and IPv6; one process holds them all then. */
async function runOneListener({ listeners }: Subject): Promise<Verdict> {
  if (listeners === undefined)
    throw new NotTelling("who listens on another computer, or system, cannot be seen from here");
  const { sockets } = listeners;
  if (sockets.length === 0) throw new NotTelling("another network's port cannot be seen from here");
  if (sockets.length === 1) return good(`one socket, on ${sockets[0]?.address}`);
  return judgeSockets(sockets);
}

async function judgeSockets(sockets: readonly ListeningSocket[]): Promise<Verdict> {
  const holders = await holdersOf(sockets);
  const owner = holders.find(({ inodes }) => inodes.length === sockets.length);
  if (owner !== undefined) return good(`${sockets.length} sockets, all of ${owner.name}`);
  const isSeen = sockets.every(({ inode }) => holders.some((one) => one.inodes.includes(inode)));
  const names = holders.map(({ name, pid }) => `${name} (process ${pid})`).join(", ");
  if (!isSeen && holders.length === 0)
    throw new NotTelling(`${sockets.length} sockets of another user: run it as that user`);
  const all = isSeen ? names : `${names}, and a program of another user`;
  return bad(`${sockets.length} listen: ${all}`, "End the one that is not the door.");
}

export const NETWORK_CHECKS: readonly CheckDefinition[] = [
  { name: "tls", title: "TLS, with a certificate to be trusted", run: runTls },
  { name: "clear-text", title: "The key is never asked for in clear", run: runInClear },
  { name: "own-port", title: "Ollama's own port is closed to others", run: runOwnPort },
  { name: "one-listener", title: "One program listens on the port", run: runOneListener },
];
