import { defineCommand, UsageError } from "./command.ts";

function readUrl(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url?.username === "" && url.password === "" && url.hash === "";
  if (isPlain && /^https?:$/u.test(url.protocol)) return url;
  throw new UsageError("--app wants the app's address, such as https://chat.example.com");
}

/** Looks for what is wrong on this computer. */
export const doctorCommand = defineCommand({
  name: "doctor",
  summary: "Find what is wrong here, with fixes",
  typed: "npm run latchkey -- doctor",
  options: {
    fix: { type: "boolean", about: "Do the fixes that are safe" },
    app: { type: "string", value: "URL", about: "Compare the clock with the app's" },
    json: { type: "boolean", about: "Print the result as JSON" },
  },
  run: async ({ text, flag }) => {
    const app = readUrl(text("app"));
    const { doctor } = await import("../doctor/run.ts");
    return doctor({ app, isFixing: flag("fix"), isJson: flag("json") });
  },
});
