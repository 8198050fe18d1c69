import { defineCommand, UsageError } from "./command.ts";

/** Shows or writes the door's files. */
export const renderCommand = defineCommand({
  name: "render",
  summary: "Write the door's files",
  typed: "npm run latchkey -- render",
  operands: { SERVER: "caddy or nginx" },
  options: {
    out: { type: "string", value: "DIR", about: "Into this folder, keys too; else to the screen" },
    check: { type: "boolean", about: "Tell what on disk differs; change nothing" },
    json: { type: "boolean", about: "Print the result as JSON" },
    "dry-run": { type: "boolean", about: "With --out: try them, write nothing" },
  },
  notes: ["They come from latchkey.json; the server itself tries them."],
  run: async ({ operand, text, flag }) => {
    const server = operand("SERVER");
    if (server !== "caddy" && server !== "nginx") {
      throw new UsageError("SERVER wants caddy or nginx.");
    }
    const { render } = await import("../door/render-run.ts");
    return render(
      { server, out: text("out") },
      { isCheck: flag("check"), isJson: flag("json"), isDryRun: flag("dry-run") },
    );
  },
});
