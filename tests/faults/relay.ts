import { NextRequest } from "next/server";
import { vi } from "vitest";
import type { Config } from "../../lib/config.ts";
import type { LinkHealth } from "../../lib/health.ts";
import type { RequestRecord } from "../../lib/requests.ts";
import { makeCredentials } from "../helpers/credentials.ts";
import { later } from "../helpers/later.ts";
import type { Dialect } from "./dialects.ts";

export interface Asked {
  readonly signal?: AbortSignal;
  /** A name of the test's own, to ask for what became of the request when no answer came. */
  readonly id?: string;
}

/** The relay in this process, as its routes call it. */
export interface Relay {
  readonly config: Config;
  readonly accessKey: string;
  ask(dialect: Dialect, asked?: Asked): Promise<Response>;
  /** What the owner is told of a request of theirs. */
  findRequest(id: string): RequestRecord;
  checkLinks(): Promise<LinkHealth[]>;
}

/** Loads the relay anew: the environment is read once by each set of modules. */
export async function openRelay(
  doorUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Relay> {
  const { doorKey, accessKey, appEnv } = makeCredentials();
  vi.resetModules();
  vi.unstubAllEnvs();
  const own = { OLLAMA_BASE_URL: doorUrl, OLLAMA_API_KEY: doorKey, REQUESTS_PER_MINUTE: "0" };
  for (const [name, value] of Object.entries({ ...own, ...appEnv, ...settings })) {
    vi.stubEnv(name, value);
  }
  const { log } = await import("../../lib/log.ts");
  // Each row fails on purpose.
  log.level = "silent";
  const { relayChat } = await import("../../lib/relay/chat.ts");
  const { relaySurface } = await import("../../lib/relay/surface.ts");
  const { findRequest } = await import("../../lib/requests.ts");
  const { checkLinks } = await import("../../lib/health.ts");
  const { readConfig } = await import("../../lib/config.ts");
  const config = readConfig();
  return {
    config,
    accessKey,
    ask({ route, path, body }, { signal, id }: Asked = {}) {
      const request = new NextRequest(`http://app.example${path}`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${accessKey}`,
          ...(id === undefined ? {} : { "x-request-id": id }),
        },
        body: JSON.stringify(body),
        ...(signal === undefined ? {} : { signal }),
      });
      return route === "chat" ? relayChat(request, later) : relaySurface(request, path, later);
    },
    findRequest: (id) => findRequest("key:owner", id),
    checkLinks: () => checkLinks(config, "owner", AbortSignal.timeout(30_000)),
  };
}
