import { both, instead, insteadInKeys, line, type MutantsOf } from "./mutants.ts";
import { KEYS } from "./room.ts";

const VERDICT_DEFAULT = "\t\tdefault stranger;\n";

export const nginxMutants: MutantsOf = {
  "deny-by-default": {
    "closed paths before the lock": instead(
      VERDICT_DEFAULT,
      `${VERDICT_DEFAULT}\t\t"~^no:" forbidden;\n`,
    ),
    "pass by default": instead(VERDICT_DEFAULT, "\t\tdefault pass;\n"),
  },
  "key-required": {
    "no lock": instead('"~^yes::yes:$" pass', '"~^yes::" pass'),
    "the key under another name": both(
      instead(
        "map $http_x_api_key $latchkey_caller",
        'map "${http_x_api_key}${http_x_api_keys}" $latchkey_caller',
      ),
      instead(
        "${latchkey_caller}:${http_x_api_key}",
        "${latchkey_caller}:${http_x_api_key}${http_x_api_keys}",
      ),
    ),
    "no right key": insteadInKeys(KEYS.app, `${KEYS.app.slice(1)}x`),
  },
  "key-well-formed": {
    "a plain word, of which nginx minds no case": insteadInKeys(`"~^${KEYS.app}$"`, KEYS.app),
    "a pattern without its end": insteadInKeys(`${KEYS.app}$`, KEYS.app),
    "a pattern without its beginning": insteadInKeys(`~^${KEYS.app}`, `~${KEYS.app}`),
  },
  "key-single": {},
  "empty-key-safe": { "any shape of a key": instead(/\[A-Za-z0-9_-\]\{32,128\}/, ".*") },
  "secrets-stay": {
    "all headers pass": instead("proxy_pass_request_headers off", "proxy_pass_request_headers on"),
    "the query passes": instead("${latchkey_target}", "${request_uri}"),
  },
  "host-rewritten": {
    "Host passes": instead(/proxy_set_header Host .*;/, "proxy_set_header Host $http_host;"),
  },
  "addresses-true": {
    "X-Real-IP passes": instead(
      /proxy_set_header X-Real-IP .*;/,
      "proxy_set_header X-Real-IP $http_x_real_ip;",
    ),
    "a forged X-Forwarded-For passes": instead(
      /proxy_set_header X-Forwarded-For .*;/,
      "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
    ),
    "no X-Forwarded-For": instead(line("proxy_set_header X-Forwarded-For")),
  },
  "paths-by-list": {
    "no list": instead(/("~\^yes::yes:\$") pass/, '"~^(?:yes|no)::yes:$" pass'),
    "no end of a path": instead("/api/tags|", "/api/tags[^ ]*|"),
    "any name of a model": instead("[A-Za-z0-9_](?:[A-Za-z0-9._:@-]|%3[Aa]|%40)*", ".*"),
    "the path as the server reads it": instead(
      "${request_method} ${request_uri}",
      "${request_method} ${uri}",
    ),
  },
  "no-upgrade": { "upgrades pass": instead('"~^yes::yes:$" pass', '"~^yes::yes:" pass') },
  // Chunks it passes on one by one even so; Ollama's answers to HTTP/1.0 have none.
  "no-buffering": {
    "answers of HTTP/1.0 are gathered": both(
      instead("proxy_buffering off", "proxy_buffering on"),
      instead("proxy_http_version 1.1", "proxy_http_version 1.0"),
    ),
  },
  "abort-propagates": {
    "a caller that leaves is ignored": instead(
      "proxy_ignore_client_abort off",
      "proxy_ignore_client_abort on",
    ),
  },
  "access-log-secret-free": {
    "the address is told": instead("$latchkey_log_path", "$request_uri"),
    "the method is told": instead("$latchkey_log_method", "$request"),
    "headers are told": instead('"$latchkey_caller"', '"$latchkey_caller $http_user_agent"'),
    "requests in the error log": instead("error_log door.log emerg", "error_log door.log info"),
  },
  "error-log-secret-free": {
    "failures in the error log": instead("error_log door.log emerg", "error_log door.log error"),
  },
  "limits-by-caller": {
    "no limit": instead(line("limit_req zone=latchkey_callers")),
    "counted by address": instead("limit_req_zone $latchkey_caller", "limit_req_zone $remote_addr"),
    "counted by key": instead("limit_req_zone $latchkey_caller", "limit_req_zone $http_x_api_key"),
  },
  "bad-keys-slowed": {
    "no limit": instead(line("limit_req zone=latchkey_strangers")),
    "all are counted": instead(
      "location = //pass {\n",
      "location = //pass {\n\t\t\tlimit_req zone=latchkey_strangers burst=3 nodelay;\n\t\t\tlimit_req_status 429;\n",
    ),
    "counted by key": instead("limit_req_zone $latchkey_network", "limit_req_zone $http_x_api_key"),
  },
  "health-open": {
    "behind the lock": instead('"~^health:" health', '"~^health::yes" health'),
    "the server's version": instead("server_tokens off", "server_tokens on"),
    "passed on": instead("return 200 OK;", "proxy_pass http://latchkey_ollama;"),
  },
  "bodies-capped": {
    "no cap": instead(/client_max_body_size [1-9]\d*/, "client_max_body_size 0"),
    "too low a cap": instead(/client_max_body_size [1-9]\d*/, "client_max_body_size 1m"),
  },
  "reload-keeps-streams": {
    "a grace of a second": instead("daemon off;\n", "daemon off;\nworker_shutdown_timeout 1s;\n"),
    "keys of its own": instead("include keys.nginx", `"~^${KEYS.app}$" app`),
  },
  "cors-exact": {
    "the engine's own pass": instead(line("proxy_hide_header Access-Control-Allow-Origin")),
    "any page": instead(
      /add_header Access-Control-Allow-Origin .*;/,
      'add_header Access-Control-Allow-Origin "*" always;',
    ),
    "every origin is sent back": instead(
      /(map \$http_origin \$latchkey_origin \{\n\t+default) "";/,
      "map $http_origin $latchkey_origin {\n\t\tdefault $http_origin;",
    ),
    "the lock before the preflight": instead('"~^no:yes:" preflight', '"~^no:yes:" stranger'),
    "only on answers": instead(
      "add_header Access-Control-Allow-Origin $latchkey_origin always",
      "add_header Access-Control-Allow-Origin $latchkey_origin",
    ),
  },
};
