/** Writes somebody's config into a folder, turned so that it can run there. */
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { publicEnvironment } from "../bootstrap/environment.mjs";
import { caddyEnvironment, findCaddy } from "../caddy.ts";
import { findNginx } from "../nginx.ts";
import { adaptCaddyfile, type Adapted } from "./adapt-caddy.ts";
import { adaptNginx } from "./adapt-nginx.ts";
import { refuseIncludes } from "./nginx-includes.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Ports that nobody has now, on loopback. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

/** What the file itself names of the environment, and nothing else of it. */
function namedEnvironment(text: string, env: Environment): Record<string, string> {
  const names = [...text.matchAll(/\{(?:\$|env\.)(\w+)/g)].map(([, name = ""]) => name);
  return Object.fromEntries(
    names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
}

const isNginx = (text: string): boolean =>
  /\bproxy_pass\s/.test(text) && !/\breverse_proxy\b/.test(text);

/** What is to be started, in that folder. */
export interface Prepared {
  readonly adapted: Adapted;
  readonly server: "caddy" | "nginx";
  readonly command: readonly [program: string, ...args: string[]];
  readonly env: Record<string, string>;
}

async function prepareCaddy(
  file: string,
  text: string,
  folder: string,
  echo: string,
  env: Environment,
): Promise<Prepared> {
  const caddy = await findCaddy({ env });
  if (caddy === undefined) throw new Error("there is no Caddy here to run it");
  const own = { ...caddyEnvironment(folder, env), ...namedEnvironment(text, env) };
  const [port = 0] = await freePorts(1);
  const adapted = await adaptCaddyfile(caddy, file, { port, echo, env: own });
  await writeFile(join(folder, "caddy.json"), adapted.text, { mode: 0o600 });
  return {
    adapted,
    server: "caddy",
    command: [caddy.path, "run", "--config", "caddy.json"],
    env: own,
  };
}

async function prepareNginx(
  file: string,
  text: string,
  folder: string,
  echo: string,
  env: Environment,
): Promise<Prepared> {
  // Caddy resolves its imports itself when it adapts; nginx only while it runs.
  await refuseIncludes(text, file);
  const nginx = await findNginx({ env });
  if (nginx === undefined) throw new Error("there is no nginx here to run it");
  const ports = await freePorts(Math.min(50, [...text.matchAll(/\bserver\s*\{/g)].length));
  const adapted = adaptNginx(text, { file, ports, echo });
  await writeFile(join(folder, "nginx.conf"), adapted.text, { mode: 0o600 });
  await mkdir(join(folder, "temporary"), { mode: 0o700 });
  const args = ["-p", folder, "-c", "nginx.conf", "-e", "logs/error.log", "-g", "daemon off;"];
  return { adapted, server: "nginx", command: [nginx.path, ...args], env: publicEnvironment(env) };
}

/**
 * Prepares a config of Caddy or nginx.
 *
 * @param echo `127.0.0.1:PORT`, to stand behind it
 * @throws Error when there is no such server here, or it does not understand the config
 */
export function prepare(
  file: string,
  text: string,
  folder: string,
  echo: string,
  env: Environment,
): Promise<Prepared> {
  return (isNginx(text) ? prepareNginx : prepareCaddy)(file, text, folder, echo, env);
}
