/**
 * The demo engine as a process of its own:
 *
 *     node gateway/demo/main.ts [--port N] [--host H] [--parallel N] [--load-ms N]
 *                               [--tokens-per-second N] [--tokens N]
 *
 * Prints one line, `{"url":"http://127.0.0.1:N"}`, once it listens; SIGTERM or SIGINT ends it.
 */
import { parseArgs } from "node:util";
import { defaultControls } from "./controls.ts";
import { startDemoEngine } from "./server.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    host: { type: "string", default: "127.0.0.1" },
    parallel: { type: "string" },
    "load-ms": { type: "string" },
    "tokens-per-second": { type: "string" },
    tokens: { type: "string" },
  },
});

/** @throws when an option is no number that makes sense */
function amount<Fallback>(name: string, text: string | undefined, fallback: Fallback) {
  if (text === undefined) return fallback;
  const number = Number(text);
  if (text !== "" && number >= 0) return number;
  throw new TypeError(`--${name} wants a number that is not negative, not "${text}".`);
}

try {
  const usual = defaultControls();
  const engine = await startDemoEngine({
    port: amount("port", values.port, 0),
    host: values.host,
    controls: {
      parallel: amount("parallel", values.parallel, usual.parallel),
      loadMs: amount("load-ms", values["load-ms"], usual.loadMs),
      tokens: amount("tokens", values.tokens, usual.tokens),
      tokensPerSecond: amount(
        "tokens-per-second",
        values["tokens-per-second"],
        usual.tokensPerSecond,
      ),
    },
    remember: 0,
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => void engine.close());
  console.log(JSON.stringify({ url: engine.url }));
} catch (thrown) {
  console.error(`The demo engine did not start. ${thrown instanceof Error ? thrown.message : ""}`);
  process.exitCode = 1;
}
