import { defineCommand, UsageError } from "./command.ts";

/**
 * An address as a person typed it. It is never repeated: a key may stand in it.
 *
 * @throws UsageError when it is no such address
 */
function readAddress(what: string, text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`${what} wants an address such as https://home.example:11435.`);
  }
  const { username, password, pathname, search, hash } = url;
  if (`${username}${password}${search}${hash}` === "" && pathname === "/") return url;
  throw new UsageError(`${what} wants the address alone: nothing before or after the host.`);
}

/** Looks whether a door keeps what it promises. */
export const verifyCommand = defineCommand({
  name: "verify",
  summary: "Prove that a door is locked",
  typed: "npm run latchkey -- verify",
  operands: { "[URL]": "The door (the one of this folder)" },
  options: {
    "key-env": { type: "string", value: "NAME", about: "The variable with its key" },
    "key-file": { type: "string", value: "FILE", about: "Its file (.latchkey/door-key)" },
    log: { type: "string", value: "FILE", about: "Look for keys in its log" },
    app: { type: "string", value: "URL", about: "Chat through this app too" },
    config: { type: "string", value: "FILE", about: "See what this config hands on" },
    slow: { type: "boolean", about: "Try a silence of over a minute" },
    json: { type: "boolean", about: "Print the result as JSON" },
  },
  notes: [
    "OLLAMA_CA holds the root of a door's own certificate,",
    "LATCHKEY_ACCESS_KEY the key for the app.",
  ],
  run: async ({ operand, text, flag }) => {
    const keyEnv = text("key-env");
    const keyFile = text("key-file");
    if (keyEnv !== undefined && keyFile !== undefined) {
      throw new UsageError("--key-env and --key-file are two ways to one key: give one of them.");
    }
    const typed = operand("[URL]");
    const options = {
      url: readAddress("URL", typed === "" ? undefined : typed),
      keyEnv,
      keyFile,
      log: text("log"),
      app: readAddress("--app", text("app")),
      config: text("config"),
      isSlow: flag("slow"),
    };
    const { verify } = await import("../verify/verify.ts");
    return verify(options, { isJson: flag("json") });
  },
});
