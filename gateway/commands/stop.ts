import { defineCommand } from "./command.ts";

/** Ends a running chain, or a door that runs by itself. */
export const stopCommand = defineCommand({
  name: "stop",
  summary: "End what up or init started",
  typed: "npm run latchkey -- stop",
  options: {},
  run: async () => {
    const { stop } = await import("../up/stop.ts");
    return stop();
  },
});
