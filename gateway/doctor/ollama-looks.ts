/** What may be wrong with the Ollama behind the door. */
import { DEFAULT_PORTS } from "../../lib/contract.ts";
import { sha256Hex } from "../keys.ts";
import { hostOf, isLoopback, portOf } from "../spec/addresses.ts";
import { parseOllamaHost } from "../up/ollama-host.ts";
import { type Look, untold, well, wrong } from "./finding.ts";
import type { Listener, Machine, Model } from "./machine.ts";

/** How a variable of Ollama's own service is changed (docs/faq of Ollama). */
function changeVariable(platform: NodeJS.Platform, setting: string, name: string): string {
  if (platform === "darwin") {
    const command =
      setting === "" ? `launchctl unsetenv ${name}` : `launchctl setenv ${name} ${setting}`;
    return `Run: ${command}, then quit and start the Ollama app.`;
  }
  const wish = setting === "" ? `take ${name} out` : `set ${name}=${setting}`;
  if (platform === "win32") {
    return `In the environment variables of your account ${wish}, then quit and start the Ollama app.`;
  }
  return `Run: sudo systemctl edit ollama, ${wish} there, then: sudo systemctl restart ollama`;
}

/** The ports of the Ollamas of this computer that the door uses. */
function localPorts({ spec, env }: Machine): readonly number[] {
  const ports = (spec?.upstreams ?? [])
    .filter((address) => isLoopback(hostOf(address)))
    .map((address) => portOf(address));
  if (spec !== undefined) return ports;
  const own = parseOllamaHost(env["OLLAMA_HOST"]);
  return [own === undefined ? DEFAULT_PORTS.ollama : portOf(own.href)];
}

/** Whether a server started with this value of OLLAMA_HOST is reached from elsewhere. */
function bindsMore(text: string | undefined): boolean {
  const bare = (text ?? "").trim().replace(/^[a-z]+:\/\//iu, "");
  return /^(?:0\.0\.0\.0|\[?::\]?(?:$|:)|:\d)/u.test(bare);
}

/** The address that OLLAMA_HOST lets Ollama bind beyond this computer, if it does. */
async function openHost({ ollamaEnvironment, env }: Machine): Promise<string | undefined> {
  const found = await ollamaEnvironment();
  const own = "value" in found ? found.value?.["OLLAMA_HOST"] : undefined;
  const host = own === undefined ? undefined : parseOllamaHost(own)?.hostname;
  if (bindsMore(own) || (host !== undefined && !isLoopback(host))) return own;
  // In this terminal it may name another computer's Ollama to ask; only "everywhere" is no such name.
  const here = env["OLLAMA_HOST"];
  return bindsMore(here) ? here : undefined;
}

const isOpen = ({ address }: Listener): boolean => !isLoopback(address);

const loopback: Look = {
  name: "ollama-loopback",
  title: "Ollama listens for this computer alone",
  examine: async (machine) => {
    const ports = localPorts(machine);
    const [first] = ports;
    if (first === undefined) return untold("the door's Ollamas are on other computers");
    const fixAt = (port: number): string =>
      changeVariable(machine.platform, `127.0.0.1:${port}`, "OLLAMA_HOST");
    const reasons: string[] = [];
    for (const port of ports) {
      const found = await machine.listeners(port);
      if ("unknown" in found) {
        reasons.push(found.unknown);
        continue;
      }
      const open = found.value.find(isOpen);
      if (open !== undefined) {
        return wrong(
          `port ${port} listens on ${open.address}: others reach it past the door`,
          fixAt(port),
        );
      }
      if (found.value.length === 0) reasons.push(`nobody listens on port ${port}`);
    }
    const [reason] = reasons;
    if (reason !== undefined) {
      const host = await openHost(machine);
      return host === undefined
        ? untold(reason)
        : wrong(`OLLAMA_HOST is ${host}: others reach it past the door`, fixAt(first));
    }
    return well("only this computer reaches Ollama");
  },
};

const origins: Look = {
  name: "ollama-origins",
  title: "Ollama refuses pages from elsewhere",
  examine: async (machine) => {
    const asked = await machine.strangersStatus();
    if ("unknown" in asked) return untold(asked.unknown);
    if (asked.value === 403) return well("a page from elsewhere is refused (403)");
    if (asked.value !== 200)
      return untold(`what is there answers ${asked.value}, as no Ollama does`);
    return wrong(
      `a page from elsewhere is answered ${asked.value}: any page you open may use your Ollama`,
      changeVariable(machine.platform, "", "OLLAMA_ORIGINS"),
    );
  },
};

const isCloud = ({ name, remoteHost }: Model): boolean =>
  remoteHost !== undefined || /[-:]cloud$/u.test(name);

/** As Go's strconv.ParseBool reads it; what it cannot read counts as set (Ollama's envconfig). */
const isSet = (text: string | undefined): boolean =>
  text !== undefined && text !== "" && !/^(?:0|f|false)$/iu.test(text);

const cloud: Look = {
  name: "cloud-models",
  title: "Every model runs on this computer",
  examine: async (machine) => {
    const models = await machine.models();
    if ("unknown" in models) return untold(models.unknown);
    const found = models.value.filter(isCloud).map(({ name }) => name);
    if (found.length === 0) return well("every model runs here");
    const names = found.join(", ");
    const process = await machine.ollamaEnvironment();
    if ("unknown" in process) {
      return untold(`${names} would run on your ollama.com account, but ${process.unknown}`);
    }
    if (isSet(process.value?.["OLLAMA_NO_CLOUD"])) return well(`${names} is listed, but off`);
    return wrong(
      `${names} runs elsewhere, on your ollama.com account`,
      changeVariable(machine.platform, "1", "OLLAMA_NO_CLOUD"),
    );
  },
};

/** OLLAMA_API_KEY is Ollama's own name for its key at ollama.com, to which it would send the door's. */
const doorKeyAtOllama: Look = {
  name: "ollama-api-key",
  title: "Ollama has not got the door's key",
  examine: async (machine) => {
    const isDoorKey = (key: string | undefined): boolean =>
      key !== undefined && machine.keyHashes.has(sha256Hex(key.trim()));
    if (isDoorKey(machine.env["OLLAMA_API_KEY"])) {
      return wrong(
        "OLLAMA_API_KEY in this terminal is the door's key: an Ollama started here sends it to ollama.com",
        "Run: unset OLLAMA_API_KEY, and take it out of your shell's own files.",
      );
    }
    const process = await machine.ollamaEnvironment();
    if ("unknown" in process) return untold(process.unknown);
    if (process.value === undefined) return untold("no Ollama runs on this computer");
    const key = process.value["OLLAMA_API_KEY"];
    if (isDoorKey(key)) {
      return wrong(
        "Ollama runs with the door's key as its own for ollama.com",
        changeVariable(machine.platform, "", "OLLAMA_API_KEY"),
      );
    }
    return well(
      key === undefined ? "Ollama has no key" : "Ollama has a key, which is not the door's",
    );
  },
};

const answers: Look = {
  name: "ollama-answers",
  title: "Ollama answers",
  examine: async (machine) => {
    const models = await machine.models();
    if ("unknown" in models) {
      return wrong(
        models.unknown,
        "Start Ollama (https://ollama.com/download), or name another with OLLAMA_HOST.",
      );
    }
    const count = models.value.length;
    return count === 0
      ? wrong("it has no model", "Run: ollama pull qwen3:0.6b")
      : well(count === 1 ? "with one model" : `with ${count} models`);
  },
};

/** In the order in which they are told. */
export const OLLAMA_LOOKS: readonly Look[] = [answers, loopback, origins, cloud, doorKeyAtOllama];
