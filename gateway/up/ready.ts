import { networkInterfaces } from "node:os";
import { relative } from "node:path";
import { ROUTES } from "../../lib/contract.ts";
import { EVERYWHERE } from "./app.ts";

export interface ReadyFacts {
  /** The app's address from this machine. */
  readonly app: string;
  readonly accessKey: string;
  /** Where the access key lies. */
  readonly keyFile: string;
  readonly host: string;
  readonly readyInMs: number;
  /** Strangers are let in as guests. */
  readonly isPublic?: boolean;
  /** What to do for a real Ollama, when the demo engine stands in. */
  readonly advice: readonly string[] | undefined;
}

/** The shorter of the two ways to name a file. */
function nameFrom(folder: string, file: string): string {
  const near = relative(folder, file);
  return near.length < file.length ? near : file;
}

/** This machine's address on the network at home, where it has one. */
function lanAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal)?.address;
}

function lanApp({ app, host }: ReadyFacts): string | undefined {
  const address = EVERYWHERE.has(host) ? lanAddress() : undefined;
  if (address === undefined) return undefined;
  const url = new URL(app);
  url.hostname = address;
  return url.origin;
}

/**
 * What is said when everything answers: the one place where the access key is shown.
 *
 * @param from the person's folder, from which the key's file is named
 */
export function readyText(facts: ReadyFacts, from: string): string {
  const { app, accessKey, keyFile, readyInMs, isPublic = false, advice } = facts;
  const signIn = (origin: string): string => `${origin}${ROUTES.signIn}#${accessKey}`;
  const lan = lanApp(facts);
  const body = '{"stream":true,"messages":[{"role":"user","content":"Hello"}]}';
  const curl = [
    `curl -N ${app}${ROUTES.chat}`,
    `-H "Authorization: Bearer $(cat ${nameFrom(from, keyFile)})"`,
    `-H "Content-Type: application/json"`,
    `-d '${body}'`,
  ].join(" ");
  const sections = [
    `Ready in ${(readyInMs / 1000).toFixed(1)} s. Chat here:\n  ${signIn(app)}`,
    lan === undefined
      ? undefined
      : `On a phone, in a network you trust (plain HTTP):\n  ${signIn(lan)}`,
    isPublic
      ? "Anyone who reaches the app may chat as a guest, without a key (PUBLIC_ACCESS=true)."
      : undefined,
    `By curl:\n  ${curl}`,
    advice === undefined
      ? undefined
      : ["The demo engine answers. For real models:", ...advice].join("\n  "),
    "Ctrl-C ends everything.",
  ];
  return `\n${sections.filter((section) => section !== undefined).join("\n\n")}\n`;
}
