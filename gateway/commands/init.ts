import { isDomainName, isOrigin, isPublicAddress } from "../spec/addresses.ts";
import type { Reach } from "../init/answers.ts";
import { isShared } from "../init/network.ts";
import { defineCommand, UsageError } from "./command.ts";
import { readPort } from "./read-port.ts";

const TUNNELS = ["cloudflared", "tailscale", "none"] as const;
const SERVERS = ["caddy", "nginx"] as const;

function oneOf<Choice extends string>(
  option: string,
  choices: readonly Choice[],
  text: string | undefined,
): Choice | undefined {
  if (text === undefined) return undefined;
  const choice = choices.find((one) => one === text);
  if (choice !== undefined) return choice;
  throw new UsageError(`--${option} wants one of ${choices.join(", ")}.`);
}

function readName(text: string | undefined): string | undefined {
  if (text === undefined || isDomainName(text)) return text;
  throw new UsageError("--name wants a public name in lower case, such as ollama.example.com.");
}

function readAddress(text: string | undefined): string | undefined {
  if (text !== undefined && isShared(text)) {
    throw new UsageError(`${text} is reached by nobody from outside: use --tunnel.`);
  }
  if (text === undefined || isPublicAddress(text)) return text;
  throw new UsageError("--address wants the router's own address, such as 203.0.113.9.");
}

function readOrigins(texts: readonly string[]): readonly string[] | undefined {
  const wrong = texts.some((text) => !isOrigin(text));
  if (wrong) throw new UsageError("--origin wants an origin such as https://chat.example.com.");
  return texts.length === 0 ? undefined : texts;
}

interface Way {
  readonly name: string | undefined;
  readonly address: string | undefined;
  readonly isNameless: boolean;
  readonly tunnel: (typeof TUNNELS)[number] | undefined;
}

/** How the app is to get to the door; undefined: nothing about it was given. */
function readReach({ name, address, isNameless, tunnel }: Way): Reach | undefined {
  if (name !== undefined && (isNameless || address !== undefined)) {
    throw new UsageError("--name is one way, --no-name and --address another: give one of them.");
  }
  if (tunnel !== undefined && tunnel !== "none") {
    if (address !== undefined) {
      throw new UsageError("--address is for a door without a tunnel: leave one of them out.");
    }
    return { kind: "tunnel", tunnel, name };
  }
  if (name !== undefined) return { kind: "name", name };
  if (address !== undefined) return { kind: "address", address };
  return tunnel === "none" && !isNameless ? { kind: "here" } : undefined;
}

/** Makes a door from nothing and proves it. */
export const initCommand = defineCommand({
  name: "init",
  summary: "Make a door, start it, prove it",
  typed: "npm run latchkey -- init",
  options: {
    name: { type: "string", value: "NAME", about: "A public name that leads here" },
    "no-name": { type: "boolean", about: "There is none" },
    address: { type: "string", value: "IP", about: "The router's own, where no name is" },
    tunnel: { type: "string", value: "T", about: "cloudflared, tailscale or none" },
    origin: { type: "string", value: "URL", multiple: true, about: "A page that calls the door" },
    server: { type: "string", value: "S", about: "caddy (the default) or nginx" },
    port: { type: "string", value: "N", about: "The door's port (11435)" },
    yes: { type: "boolean", about: "Ask nothing: a door for this computer" },
    json: { type: "boolean", about: "Print the result as JSON" },
    "dry-run": { type: "boolean", about: "Say what would happen, change nothing" },
  },
  notes: [
    "What is not given is asked; a second init keeps the keys.",
    "OLLAMA_HOST names another Ollama, CADDY_BIN another Caddy,",
    "NGINX_BIN another nginx.",
  ],
  run: async ({ text, texts, flag }) => {
    const isNameless = flag("no-name");
    const reach = readReach({
      name: readName(text("name")),
      address: readAddress(text("address")),
      isNameless,
      tunnel: oneOf("tunnel", TUNNELS, text("tunnel")),
    });
    const isAsking = !flag("yes") && !flag("json");
    if (isNameless && reach === undefined && !isAsking) {
      throw new UsageError("--no-name wants --address or --tunnel beside it.");
    }
    const wish = {
      answers: {
        reach,
        origins: readOrigins(texts("origin")),
        server: oneOf("server", SERVERS, text("server")),
        port: readPort("port", text("port")),
      },
      isNameless,
      isAsking,
      isJson: flag("json"),
      isDryRun: flag("dry-run"),
    };
    const { init } = await import("../init/run.ts");
    return init(wish);
  },
});
