/** The two servers that a door can be made of, behind one interface. */
import {
  type Caddy,
  caddyArguments,
  caddyEnvironment,
  findCaddy,
  readModules,
  reloadCaddy,
  validateCaddy,
} from "../caddy.ts";
import {
  findNginx,
  nginxArguments,
  nginxEnvironment,
  nginxReopen,
  reloadNginx,
  validateNginx,
} from "../nginx.ts";
import { CADDY_FILES, limitsNote, renderCaddy, renderCaddyKeys } from "../render/caddy.ts";
import { NGINX_FILES, renderNginx, renderNginxKeys } from "../render/nginx.ts";
import { warnings } from "../spec/cross-checks.ts";
import type { GatewaySpec } from "../spec/spec.ts";
import { Problem } from "../up/problem.ts";

export type ServerKind = GatewaySpec["server"];
export type Environment = Readonly<Record<string, string | undefined>>;

/** A key and the caller it names, who may stand there several times while one is replaced. */
export interface KeyLine {
  readonly name: string;
  readonly key: string;
}

/** Names within the run directory. */
export interface DoorFileNames {
  readonly config: string;
  readonly keys: string;
  readonly accessLog: string;
  readonly doorLog: string;
}

/** What can be written without a server at hand. */
export interface Renderer {
  readonly kind: ServerKind;
  readonly files: DoorFileNames;
  /** @throws Error for a value that cannot be written safely */
  readonly render: (spec: GatewaySpec) => string;
  /** @throws Error for a malformed or doubled key, without its text */
  readonly renderKeys: (lines: readonly KeyLine[]) => string;
}

/** A server that is there. */
export interface DoorProgram extends Renderer {
  readonly path: string;
  /** As it prints it. */
  readonly version: string;
  /** Caddy's modules; nginx does not tell its own. */
  readonly modules: ReadonlySet<string>;
  /** How to run it in the foreground; its working directory is the run directory. */
  readonly args: (directory: string) => readonly string[];
  readonly environment: (directory: string, env: Environment) => Record<string, string>;
  /** @throws Error with the server's own reason, keys taken out */
  readonly validate: (directory: string, env: Environment) => Promise<void>;
  /** Lets the running one take the files of its directory; @throws Error where it does not */
  readonly reload: (directory: string, env: Environment) => Promise<void>;
  /** For those that do not rotate their logs by themselves: lets it write to new ones. */
  readonly reopenLogs?: (directory: string, env: Environment) => Promise<void>;
}

const CADDY_BY_HAND =
  "Install Caddy: https://caddyserver.com/docs/install\nOr name yours with CADDY_BIN. Then run this again.";
const NGINX_BY_HAND =
  "Install nginx: https://nginx.org/en/docs/install.html\nOr name yours with NGINX_BIN. Then run this again.";

const caddyRenderer = (caddyVersion: string, modules: ReadonlySet<string>): Renderer => ({
  kind: "caddy",
  files: CADDY_FILES,
  render: (spec) => renderCaddy(spec, { caddyVersion, modules }).caddyfile,
  renderKeys: renderCaddyKeys,
});

const nginxRenderer: Renderer = {
  kind: "nginx",
  files: NGINX_FILES,
  render: (spec) => renderNginx(spec).config,
  renderKeys: renderNginxKeys,
};

/** For a computer without that server: what every version of it understands. */
export const rendererOf = (kind: ServerKind): Renderer =>
  kind === "caddy" ? caddyRenderer("", new Set()) : nginxRenderer;

/**
 * A Caddy as the door's server.
 *
 * @throws Error when it does not run
 */
export async function caddyProgram(caddy: Caddy): Promise<DoorProgram> {
  const modules = await readModules(caddy);
  return {
    ...caddyRenderer(caddy.version, modules),
    path: caddy.path,
    version: caddy.version,
    modules,
    args: caddyArguments,
    environment: caddyEnvironment,
    validate: (directory, env) => validateCaddy(caddy, directory, env),
    reload: (directory, env) => reloadCaddy(caddy, directory, env),
  };
}

async function findNginxProgram(env: Environment): Promise<DoorProgram | undefined> {
  const nginx = await findNginx({ env });
  if (nginx === undefined) return undefined;
  return {
    ...nginxRenderer,
    path: nginx.path,
    version: nginx.version,
    modules: new Set(),
    args: nginxArguments,
    environment: (_directory, environment) => nginxEnvironment(environment),
    validate: (directory, environment) => validateNginx(nginx, directory, environment),
    reload: (directory, environment) => reloadNginx(nginx, directory, environment),
    reopenLogs: (directory, environment) => nginxReopen(nginx, directory, environment),
  };
}

/**
 * The server of that kind on this computer; undefined where there is none.
 *
 * @throws Error when CADDY_BIN or NGINX_BIN names something that does not run
 */
export async function lookForProgram(
  kind: ServerKind,
  env: Environment,
): Promise<DoorProgram | undefined> {
  if (kind === "nginx") return findNginxProgram(env);
  const caddy = await findCaddy({ env });
  return caddy === undefined ? undefined : caddyProgram(caddy);
}

/**
 * The server of that kind on this computer.
 *
 * @throws Problem that says how to get it, where there is none
 */
export async function findProgram(kind: ServerKind, env: Environment): Promise<DoorProgram> {
  const program = await lookForProgram(kind, env);
  if (program !== undefined) return program;
  throw kind === "caddy"
    ? new Problem("Caddy, the door, is not installed.", CADDY_BY_HAND)
    : new Problem("nginx, the door, is not installed.", NGINX_BY_HAND);
}

/** What is to be told each time the door is rendered or started. */
export function notesOn(spec: GatewaySpec, program: DoorProgram | undefined): readonly string[] {
  const note = program === undefined ? undefined : limitsNote(spec, program.modules);
  return [...warnings(spec), ...(note === undefined ? [] : [note])];
}
