/** The files of a door in its run directory, which is Caddy's working directory: every path is relative. */
export const CADDY_FILES = {
  config: "Caddyfile",
  keys: "keys.caddy",
  accessLog: "access.log",
  doorLog: "door.log",
  adminSocket: "admin.sock",
} as const;
