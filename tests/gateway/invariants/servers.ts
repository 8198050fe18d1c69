/** How each kind of server is rendered, run and reloaded. */
import {
  caddyArguments,
  caddyEnvironment,
  findCaddy,
  readModules,
  reloadCaddy,
} from "../../../gateway/caddy.ts";
import type { ServerKind } from "../../../gateway/invariants.ts";
import {
  findNginx,
  nginxArguments,
  nginxEnvironment,
  reloadNginx,
} from "../../../gateway/nginx.ts";
import { CADDY_FILES, renderCaddy, renderCaddyKeys } from "../../../gateway/render/caddy.ts";
import { NGINX_FILES, renderNginx, renderNginxKeys } from "../../../gateway/render/nginx.ts";
import type { GatewaySpec } from "../../../gateway/spec/spec.ts";
import { parts } from "../../helpers/parts.ts";

export interface Server {
  /** As it prints it, such as `2.6.2`. */
  readonly version: string;
  readonly files: { readonly config: string; readonly keys: string };
  render(spec: GatewaySpec): string;
  renderKeys(keys: readonly { readonly name: string; readonly key: string }[]): string;
  /** To be run in the run directory. */
  command(directory: string): readonly [string, ...string[]];
  environment(directory: string): Record<string, string>;
  /** @throws Error when it refuses its new files */
  reload(directory: string): Promise<void>;
}

/** Kinds by the parts that the tests bring in; its title heads a column. */
export const KINDS = {
  caddy: { part: parts.caddy, title: "Caddy of the system" },
  caddyWithLimits: { part: parts.caddyCurrent, title: "Caddy with rate_limit" },
  nginx: { part: parts.nginx, title: "nginx" },
} as const satisfies Record<ServerKind, { part: string | undefined; title: string }>;

async function caddyServer(part: string | undefined): Promise<Server> {
  const caddy = part === undefined ? undefined : await findCaddy({ env: { CADDY_BIN: part } });
  if (caddy === undefined) throw new Error("Caddy is missing: run npm test, which brings it in.");
  const modules = await readModules(caddy);
  return {
    version: caddy.version,
    files: CADDY_FILES,
    render: (spec) => renderCaddy(spec, { caddyVersion: caddy.version, modules }).caddyfile,
    renderKeys: renderCaddyKeys,
    command: (directory) => [caddy.path, ...caddyArguments(directory)],
    environment: (directory) => caddyEnvironment(directory, process.env),
    reload: (directory) => reloadCaddy(caddy, directory, process.env),
  };
}

async function nginxServer(part: string | undefined): Promise<Server> {
  const nginx = part === undefined ? undefined : await findNginx({ env: { NGINX_BIN: part } });
  if (nginx === undefined) throw new Error("nginx is missing: run npm test, which brings it in.");
  return {
    version: nginx.version,
    files: NGINX_FILES,
    render: (spec) => renderNginx(spec).config,
    renderKeys: renderNginxKeys,
    command: (directory) => [nginx.path, ...nginxArguments(directory)],
    environment: () => nginxEnvironment(process.env),
    reload: (directory) => reloadNginx(nginx, directory, process.env),
  };
}

/** Found once, when the first door of its kind is wanted. */
function once(find: () => Promise<Server>): () => Promise<Server> {
  let found: Promise<Server> | undefined;
  return () => (found ??= find());
}

export const servers: Readonly<Record<ServerKind, () => Promise<Server>>> = {
  caddy: once(() => caddyServer(KINDS.caddy.part)),
  caddyWithLimits: once(() => caddyServer(KINDS.caddyWithLimits.part)),
  nginx: once(() => nginxServer(KINDS.nginx.part)),
};
