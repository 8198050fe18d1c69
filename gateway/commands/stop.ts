import { defineCommand } from "./command.ts";

/** Ends a running chain. */
export const stopCommand = defineCommand({
  name: "stop",
  summary: "End what up started",
  typed: "npm run latchkey -- stop",
  options: {},
  run: async () => {
    const { stop } = await import("../up/stop.ts");
    return stop();
  },
});
