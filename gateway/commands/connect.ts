import { readAppAddress } from "../connect/app-address.ts";
import { defineCommand, UsageError } from "./command.ts";
import { readPort } from "./read-port.ts";

/** Brings an app that wants a key to tools that can hold only a local address. */
export const connectCommand = defineCommand({
  name: "connect",
  summary: "Bring an app here as a local Ollama",
  typed: "npm run latchkey -- connect",
  operands: { APP_URL: "The app's address: https://..." },
  options: {
    port: { type: "string", value: "N", about: "Listen here (11434, or the next free)" },
    "key-env": { type: "string", value: "NAME", about: "The variable with the key" },
    "key-file": { type: "string", value: "FILE", about: "Its file (.latchkey/access-key)" },
  },
  notes: [
    "11434 is Ollama's own port: one that is started afterwards",
    "finds it taken. --port 11500 keeps out of its way.",
  ],
  run: async ({ operand, text }) => {
    const keySource = { variable: text("key-env"), file: text("key-file") };
    if (keySource.variable !== undefined && keySource.file !== undefined) {
      throw new UsageError("--key-env and --key-file are two ways to one key: give one of them.");
    }
    const options = {
      address: readAppAddress(operand("APP_URL")),
      port: readPort("port", text("port")),
      keySource,
    };
    const { connect } = await import("../connect/run.ts");
    return connect(options);
  },
});
