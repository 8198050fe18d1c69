/** Somebody's nginx configuration, turned the same way: by its directives, since nginx prints no other form of it. */
import { dirname, isAbsolute, join } from "node:path";
import type { Adapted } from "./adapt-caddy.ts";

/** Names of the directives whose line is dropped: other users, certificates, processes. */
const DROPPED =
  /^(?:ssl\w*|http2|user|pid|daemon|master_process|worker_processes|lock_file|(?:client_body|proxy|fastcgi|uwsgi|scgi)_temp_path)$/;

export interface Line {
  /** The words before `;` or `{`; none for `}`. */
  readonly words: readonly string[];
  readonly end: ";" | "{" | "}";
}

/** nginx's own grammar: words, quotes, comments, and three ends. */
const TOKEN =
  /#[^\n]*|"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'|[;{}]|(?:\$\{\w+\}|\\[^]|[^\s;{}"'\\])+(?:"[^"]*"|[^\s;{}"'])*/g;

const bare = (word: string): string => word.replace(/^(["'])(.*)\1$/u, "$2");

/** nginx takes a quoted name for the same directive, and so must whoever looks for one. */
function unquoteName([name = "", ...rest]: readonly string[]): readonly string[] {
  return [/^[a-z_0-9]+$/.test(bare(name)) ? bare(name) : name, ...rest];
}

export function readNginx(text: string): Line[] {
  const lines: Line[] = [];
  let words: string[] = [];
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.startsWith("#")) continue;
    if (token === ";" || token === "{" || token === "}") {
      lines.push({ words: words.length === 0 ? words : unquoteName(words), end: token });
      words = [];
    } else words.push(token);
  }
  return lines;
}

/** The lines of the block that line begins, its own included. */
function blockAt(lines: readonly Line[], start: number): readonly Line[] {
  let depth = 0;
  const end = lines.findIndex((line, index) => {
    if (index < start) return false;
    depth += line.end === "{" ? 1 : line.end === "}" ? -1 : 0;
    return depth === 0;
  });
  return lines.slice(start, end === -1 ? undefined : end + 1);
}

interface Turning {
  readonly echo: string;
  readonly folder: string;
  readonly upstreams: ReadonlySet<string>;
}

function turnProxyPass(target: string, { echo, upstreams }: Turning): string {
  const [, host = "", path = ""] = /^https?:\/\/([^/]+)(.*)$/.exec(target) ?? [];
  return upstreams.has(host)
    ? `http://${host}${path}`
    : `http://${echo}${path.includes("$") ? "" : path}`;
}

const LOGS: Readonly<Record<string, string>> = {
  access_log: "logs/access.log",
  error_log: "logs/error.log",
};

/** What an `include` in a file of that folder names. */
export function includedPath(word: string, folder: string): string {
  return isAbsolute(bare(word)) ? bare(word) : join(folder, bare(word));
}

/** One line as it stands in the copy; undefined: it is left out. */
function turn({ words }: Line, turning: Turning): readonly string[] | undefined {
  const [name = "", value = "", ...rest] = words;
  if (DROPPED.test(name)) return undefined;
  const log = LOGS[name];
  if (log !== undefined && value !== "off") return [name, log, ...rest];
  if (name === "proxy_pass") return [name, turnProxyPass(value, turning)];
  if (name === "include") return [name, `"${includedPath(value, turning.folder)}"`];
  return words;
}

const print = (words: readonly string[], end: string): string => `${words.join(" ")} ${end}\n`;

/** @param inUpstream whether `server` names an upstream here, rather than opening a site */
function printLines(lines: readonly Line[], turning: Turning, ports: readonly number[]): string {
  let text = "";
  let depth = 0;
  let upstreamDepth = -1;
  let site = -1;
  let isListening = false;
  for (const line of lines) {
    const [name] = line.words;
    if (line.end === "}") {
      depth -= 1;
      if (depth === upstreamDepth) upstreamDepth = -1;
      text += print([], "}");
      continue;
    }
    if (line.end === "{") {
      if (name === "upstream") upstreamDepth = depth;
      if (name === "server") {
        site += 1;
        isListening = false;
      }
      depth += 1;
      text += print(line.words, "{");
      if (name === "upstream") text += `server ${turning.echo};\n`;
      continue;
    }
    if (upstreamDepth !== -1 && name === "server") continue;
    if (name === "listen") {
      // One address is enough, and the same one twice would be a mistake.
      if (!isListening) text += `listen 127.0.0.1:${ports[site] ?? 0};\n`;
      isListening = true;
      continue;
    }
    const turned = turn(line, turning);
    if (turned !== undefined) text += print(turned, ";");
  }
  return text;
}

/** Everything nginx writes goes below its own folder; as root it would write as somebody else. */
const head = (): string =>
  `pid nginx.pid;\nerror_log logs/error.log;\n${process.getuid?.() === 0 ? "user root;\n" : ""}worker_processes 1;\n`;

const TEMPORARY = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
  .map((name) => `${name}_temp_path temporary/${name};\n`)
  .join("");

/**
 * Turns the text of a configuration, or of a server block alone.
 *
 * @param ports free ones, one for each site at most
 * @throws Error when nothing in it is a door
 */
export function adaptNginx(
  text: string,
  { file, ports, echo }: { file: string; ports: readonly number[]; echo: string },
): Adapted {
  const lines = readNginx(text);
  const starts = lines.flatMap(({ words, end }, index) =>
    end === "{" && words[0] === "server" ? [index] : [],
  );
  const isDoor = (start: number): boolean =>
    blockAt(lines, start).some(({ words }) => words[0] === "proxy_pass");
  const site = starts.findIndex(isDoor);
  const port = ports[site];
  if (port === undefined) throw new Error("it has no server with a proxy_pass");
  const names = blockAt(lines, starts[site] ?? 0).find(({ words }) => words[0] === "server_name");
  const host = names?.words[1]?.replaceAll("*", "a");
  const upstreams = new Set(
    lines.flatMap(({ words, end }) =>
      end === "{" && words[0] === "upstream" ? [words[1] ?? ""] : [],
    ),
  );
  const body = printLines(lines, { echo, folder: dirname(file), upstreams }, ports);
  const isWhole = lines.some(({ words, end }) => end === "{" && words[0] === "http");
  const whole = isWhole ? body : `events {\n}\nhttp {\n${body}}\n`;
  const withPaths = whole.replace(/^http \{\n/m, `http {\n${TEMPORARY}`);
  const isName = host !== undefined && /^[\w.-]+$/.test(host) && host !== "_";
  return { text: head() + withPaths, port, host: isName ? host : undefined, rotates: undefined };
}
