import { caddyKnows, parseCaddyVersion } from "../../../gateway/render/caddy-version.ts";
import type { Change } from "./doors.ts";
import {
  both,
  instead,
  insteadAfter,
  insteadInKeys,
  line,
  type Mutants,
  type MutantsOf,
} from "./mutants.ts";
import { KEYS } from "./room.ts";

const LOCK = "\t\trespond @stranger 401\n";
/** Of the proxy's block. */
const PROXY_END = "\t\t\ttransport http {";
const PLACEHOLDER = "{http.request.header.X-API-Key}";

/** Before 2.7 it has another name. */
function gather(version: string): Change {
  const option = caddyKnows(version, "persistConfig") ? "response_buffers 1MB" : "buffer_responses";
  return instead(PROXY_END, `\t\t\t${option}\n${PROXY_END}`);
}

const BODY = '{"model": "latchkey-demo", "messages": [{"role": "user", "content": "Hello"}]}';

/**
 * Up to 2.8.4 one option keeps an abort from Ollama; in newer ones none does, but they look for those
 * who leave only after they have read what was sent.
 */
function keepAborts(version: string): Mutants {
  const [, minor = 0] = parseCaddyVersion(version) ?? [];
  if (minor <= 8)
    return { "flush_interval -1": instead(PROXY_END, `\t\t\tflush_interval -1\n${PROXY_END}`) };
  const body = `\t\trequest_body {\n\t\t\tset \`${BODY}\`\n\t\t}\n`;
  return { "a body that is not read": instead("\t\treverse_proxy ", `${body}\t\treverse_proxy `) };
}

/** Newer ones drop names with underscores by themselves. */
function passUnderscores(version: string): Mutants {
  if (caddyKnows(version, "idleTimeouts")) return {};
  return { "names with underscores pass": instead(line("header_up -*_*")) };
}

/** An older one sends trailers on only where it reads the body first: among several Ollamas. */
function passTrailers(version: string): Mutants {
  if (!caddyKnows(version, "idleTimeouts")) return {};
  return {
    "trailers pass after a POST": both(
      instead(line("respond @unannounced")),
      instead(line("respond @chunked")),
    ),
    "trailers pass after a GET": both(
      instead(line("respond @chunked")),
      instead(line("respond @bodied")),
    ),
  };
}

/** @param version as `caddy version` prints it */
export function caddyMutants(version: string): MutantsOf {
  return {
    "deny-by-default": {
      "the paths before the lock": instead(LOCK, `\t\trespond @forbidden 404\n${LOCK}`),
      "the lock before known paths only": instead(
        LOCK,
        "\t\t@strangerAtApi {\n\t\t\tpath /api/*\n\t\t\tnot vars {http.auth.user.id} app\n\t\t}\n\t\trespond @strangerAtApi 401\n",
      ),
    },
    "key-required": {
      "no lock": instead(LOCK),
      "the key under any name": instead(
        LOCK,
        `\t\t@elsewhere {\n\t\t\tnot vars {http.auth.user.id} app\n\t\t\tnot header X-API-Keys *\n\t\t}\n\t\trespond @elsewhere 401\n`,
      ),
      "no right key": insteadInKeys(KEYS.app, `${KEYS.app.slice(1)}x`),
    },
    "key-well-formed": {
      "a matcher with wildcards": instead(
        LOCK,
        `\t\t@odd not header X-API-Key ${KEYS.app.slice(0, 40)}*\n\t\trespond @odd 401\n`,
      ),
      "a pattern without its end": insteadInKeys(KEYS.app, `"~^${KEYS.app}"`),
      "any case": insteadInKeys(KEYS.app, `"~(?i)^${KEYS.app}$"`),
    },
    "key-single": {
      "a matcher that asks for any": instead(
        LOCK,
        `\t\t@odd not header X-API-Key ${KEYS.app}\n\t\trespond @odd 401\n`,
      ),
    },
    "empty-key-safe": { "any shape of a key": instead(line("header_regexp X-API-Key")) },
    "secrets-stay": {
      ...Object.fromEntries(
        ["*key*", "*auth*", "*cookie*", "Origin", "Referer"].map((name) => [
          `${name} passes`,
          instead(line(`header_up -${name}`)),
        ]),
      ),
      "the query passes": instead(line("rewrite ")),
      ...passTrailers(version),
    },
    "host-rewritten": { "Host passes": instead(line("header_up Host")) },
    "addresses-true": {
      ...passUnderscores(version),
      "X-Real-IP passes": instead(line("header_up X-Real-IP")),
      "a forged X-Forwarded-For is trusted": instead(
        PROXY_END,
        `\t\t\ttrusted_proxies 127.0.0.0/8\n${PROXY_END}`,
      ),
    },
    "paths-by-list": {
      "no list": instead(line("respond @forbidden 404")),
      "no end of a path": instead("/api/tags|", "/api/tags[^ ]*|"),
      "any name of a model": instead("[A-Za-z0-9_](?:[A-Za-z0-9._:@-]|%3[Aa]|%40)*", ".*"),
      "the path as the server reads it": instead(
        '"{http.request.method} {http.request.uri}"',
        '"{http.request.method} {http.request.uri.path}"',
      ),
    },
    "no-upgrade": { "upgrades pass": instead(line("respond @upgrade 404")) },
    "no-buffering": { "answers are gathered": gather(version) },
    "abort-propagates": keepAborts(version),
    "access-log-secret-free": Object.fromEntries(
      ["request>headers", "request>method", "request>uri", "request>host"].map((field) => [
        `${field} is told`,
        insteadAfter("output file access.log", line(field)),
      ]),
    ),
    "error-log-secret-free": Object.fromEntries(
      ["request delete"].map((field) => [
        `${field} is told`,
        insteadAfter("output file door.log", line(field)),
      ]),
    ),
    "limits-by-caller": {
      "no limit": instead(/\t+rate_limit \{\n(?:\t{3}.*\n)*\t{2}\}\n/),
      "counted by address": instead("key {http.auth.user.id}", "key {http.request.remote.host}"),
      "counted by key": instead("key {http.auth.user.id}", `key ${PLACEHOLDER}`),
    },
    "bad-keys-slowed": {
      "no limit": instead(/\t+rate_limit @stranger \{\n(?:\t{3}.*\n)*\t{2}\}\n/),
      "all are counted": instead("rate_limit @stranger", "rate_limit"),
      "counted by key": instead("key {latchkey.network}", `key ${PLACEHOLDER}`),
    },
    "health-open": {
      "behind the lock": instead(line("respond @health")),
      "the server's name": instead(line("-Server")),
      "passed on": instead(line("respond @health"), "\t\treverse_proxy @health 127.0.0.1:1\n"),
    },
    "bodies-capped": {
      "no cap": instead(/\t+respond @oversized 413\n\t+request_body \{\n.*\n\t+\}\n/),
      "chunks pass": {
        config: (text) => text.replaceAll(/\t+respond @(?:unannounced|chunked) 411\n/g, ""),
      },
      "too low a cap": instead(/max_size \d+MB/, "max_size 1MB"),
    },
    "reload-keeps-streams": {
      // A reload itself cuts no stream of a Caddy, whatever is written; a limit in time does.
      "a second for each answer": instead("read_header 10s\n", "read_header 10s\n\t\t\twrite 1s\n"),
      "no way to reload": instead(/admin unix.*/, "admin off"),
      "keys of its own": instead("import keys.caddy", `${KEYS.app} app`),
    },
    "cors-exact": {
      "the engine's own pass": instead(line("header_down -Access-Control-")),
      "any page": instead(/Access-Control-Allow-Origin .*\n/, "Access-Control-Allow-Origin *\n"),
      "every origin is sent back": instead(line("header @listed"), "\t\theader {\n"),
      "the lock before the preflight": instead(line("respond @preflight 204")),
      "only on answers": instead(
        LOCK,
        `\t\t@refused not vars {http.auth.user.id} app\n\t\theader @refused -Access-Control-Allow-Origin\n${LOCK}`,
      ),
    },
  };
}
