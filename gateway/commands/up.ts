import { isIP } from "node:net";
import { LOOPBACK } from "../up/place.ts";
import { defineCommand, UsageError } from "./command.ts";
import { readPort } from "./read-port.ts";

function readHost(text: string | undefined): string {
  if (text === undefined) return LOOPBACK;
  if (isIP(text) !== 0 || text === "localhost") return text;
  throw new UsageError("--host wants an address of this machine, or 0.0.0.0 for all of them.");
}

/** Runs the whole chain. */
export const upCommand = defineCommand({
  name: "up",
  summary: "Run chat, door and engine here",
  typed: "npm run up --",
  options: {
    yes: { type: "boolean", about: "Answer every question with yes" },
    port: { type: "string", value: "N", about: "The app's port (3000, or the next free)" },
    "door-port": { type: "string", value: "N", about: "The door's port (11435, or next)" },
    host: { type: "string", value: "H", about: "Listen here; 0.0.0.0 lets phones in" },
    dev: { type: "boolean", about: "Reload the app when its files change" },
    demo: { type: "boolean", about: "Use the demo engine, not Ollama" },
  },
  notes: [
    "Variables go in front: MAX_ACTIVE=4 npm run up",
    "OLLAMA_HOST names another Ollama, CADDY_BIN another Caddy.",
  ],
  run: async ({ text, flag }) => {
    const port = readPort("port", text("port"));
    const doorPort = readPort("door-port", text("door-port"));
    if (port !== undefined && port === doorPort) {
      throw new UsageError("--port and --door-port want two different ports.");
    }
    const options = {
      port,
      doorPort,
      host: readHost(text("host")),
      isYes: flag("yes"),
      isDev: flag("dev"),
      isDemo: flag("demo"),
    };
    const { up } = await import("../up/up.ts");
    return up(options);
  },
});
