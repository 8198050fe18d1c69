/** What may be wrong around the door itself. */
import { basename } from "node:path";
import { DEFAULT_PORTS } from "../../lib/contract.ts";
import { caddyKnows, parseCaddyVersion } from "../render/caddy-version.ts";
import { isLoopback } from "../spec/addresses.ts";
import { type Look, untold, well, wrong } from "./finding.ts";
import type { Listener } from "./machine.ts";

const nameOf = ({ owner }: Listener): string =>
  owner === undefined ? "a program of another user" : `${owner.name} (process ${owner.pid})`;

const isEverywhere = (address: string): boolean => address === "0.0.0.0" || address === "::";

/** Whether one connection could reach either of them. */
function overlap(one: Listener, other: Listener): boolean {
  if (one.address === other.address) return true;
  if (isEverywhere(one.address) || isEverywhere(other.address)) return true;
  return isLoopback(one.address) && isLoopback(other.address);
}

/** Another program's socket beside the first that one and the same connection could reach. */
function second(listeners: readonly Listener[]): Listener | undefined {
  return listeners.find((one, index) =>
    listeners.slice(0, index).some((other) => {
      const isOther = one.owner === undefined || one.owner.group !== other.owner?.group;
      return isOther && overlap(one, other);
    }),
  );
}

/** Two programs share a port without an error, and each gets some of the connections (PITFALLS 6). */
const oneListener: Look = {
  name: "leftover-process",
  title: "Nothing old is left on the door's port",
  examine: async (machine) => {
    const port = machine.spec?.listen.port ?? DEFAULT_PORTS.door;
    const found = await machine.listeners(port);
    if ("unknown" in found) return untold(found.unknown);
    const [first] = found.value;
    if (first === undefined) return untold(`nobody listens on the door's port ${port}`);
    const other = second(found.value);
    if (other === undefined) return well(`port ${port} is held by ${nameOf(first)} alone`);
    const pid = other.owner?.pid;
    return wrong(
      `port ${port} is held by ${nameOf(first)} and by ${nameOf(other)}: each gets some of the requests`,
      pid === undefined
        ? "Find out which user runs the other one, and end it."
        : "End the one that is not the door: npm run latchkey -- stop ends ours.",
    );
  },
};

const OLDEST_CADDY = [2, 6, 2] as const;
const UPDATE_CADDY = "Install a newer one: https://caddyserver.com/docs/install";

/** What the door does without on that Caddy. */
function lackingOf(version: string): readonly string[] {
  return [
    ...(caddyKnows(version, "persistConfig")
      ? []
      : ["it keeps a copy of the running configuration, keys and all, in .latchkey/caddy"]),
    ...(caddyKnows(version, "fallbackName")
      ? []
      : ["behind a router it shows no certificate to those who ask for another name"]),
    ...(caddyKnows(version, "idleTimeouts") ? [] : ["it has no idle limits that could be set"]),
  ];
}

const caddy: Look = {
  name: "caddy-version",
  title: "Caddy is new enough",
  examine: async (machine) => {
    if (machine.spec?.server === "nginx") return untold("this door is nginx");
    const found = await machine.caddyVersion();
    if ("unknown" in found) return wrong(found.unknown, UPDATE_CADDY);
    if (found.value === undefined) return wrong("no Caddy is on PATH", UPDATE_CADDY);
    const version = parseCaddyVersion(found.value);
    if (version === undefined)
      return untold(`this Caddy does not tell its version: ${found.value}`);
    const shown = version.join(".");
    const [major, minor, patch] = OLDEST_CADDY;
    if ((version[0] - major || version[1] - minor || version[2] - patch) < 0) {
      return wrong(
        `Caddy ${shown}; the door needs ${OLDEST_CADDY.join(".")} or newer`,
        UPDATE_CADDY,
      );
    }
    const lacking = lackingOf(found.value);
    return well(lacking.length === 0 ? `Caddy ${shown}` : `Caddy ${shown}: ${lacking.join("; ")}`);
  },
};

/** Keys that end, certificates and signatures are off by as much as the clock is. */
const MOST_SECONDS = 30;

const clock: Look = {
  name: "clock",
  title: "The clock is right",
  examine: async (machine) => {
    const found = await machine.secondsAhead();
    if ("unknown" in found) return untold(found.unknown);
    const seconds = Math.round(Math.abs(found.value));
    if (seconds <= MOST_SECONDS) return well(`within ${Math.max(1, seconds)} s of that host's`);
    const way = found.value > 0 ? "ahead of" : "behind";
    const fixes: Partial<Record<NodeJS.Platform, string>> = {
      linux: "Run: sudo timedatectl set-ntp true",
      darwin: "Run: sudo sntp -sS time.apple.com",
      win32: "Run as administrator: w32tm /resync",
    };
    return wrong(
      `${seconds} s ${way} that host's`,
      fixes[machine.platform] ?? "Let this computer set its clock from the network.",
    );
  },
};

const OTHERS = 0o077;
const octal = (mode: number): string => mode.toString(8).padStart(4, "0");

const files: Look = {
  name: "private-files",
  title: "The keys are for your eyes alone",
  examine: async (machine) => {
    const found = await machine.guarded();
    if ("unknown" in found) return untold(found.unknown);
    const open = found.value.filter(({ mode }) => (mode & OTHERS) !== 0);
    if (open.length === 0) return well("only you can read the keys");
    const shown = open.map(({ path, mode }) => `${basename(path)} (${octal(mode)})`).join(", ");
    const commands = open.map(({ path, wanted }) => `chmod ${octal(wanted)} ${path}`);
    return {
      ...wrong(
        `others on this computer can read ${shown}`,
        `npm run latchkey -- doctor --fix does it: ${commands.join(" && ")}`,
      ),
      repair: async () => {
        for (const { path, wanted } of open) await machine.setMode(path, wanted);
      },
    };
  },
};

/** In the order in which they are told. */
export const DOOR_LOOKS: readonly Look[] = [oneListener, caddy, files, clock];
