/** Bodies that are nearly what each route wants, so that what is wrong with them gets far. */
import {
  array,
  constantFrom,
  dictionary,
  integer,
  oneof,
  record,
  tuple,
  type Arbitrary,
} from "fast-check";
import { mostly, mostlyOf, NASTY_NAMES, nastyText, nastyValue } from "./nasty-values.ts";

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M8AAQUBAScY42YAAAAASUVORK5CYII=";

const model = mostlyOf("small", "small:latest", "other:7b", "secret", "big:cloud", "SMALL", null);
const role = mostlyOf("user", "assistant", "system", "tool");
const text = oneof(constantFrom("Hello", "x"), nastyText);

const options = mostly(
  dictionary(
    constantFrom(
      "temperature",
      "num_ctx",
      "num_predict",
      "stop",
      "seed",
      "top_k",
      "num_gpu",
      "num_thread",
      "Temperature",
      "__proto__",
      "constructor",
    ),
    oneof(integer(), nastyValue),
    { maxKeys: 5 },
  ),
);
const keepAlive = mostlyOf(0, 300, -1, 1e12, 0.5, "5m", "-1", "24h", "1h30m", 1e300, null);

const part = oneof(
  record({ type: constantFrom("text"), text: mostly(text) }),
  record({
    type: constantFrom("file"),
    mediaType: mostlyOf("image/png", "text/plain", "application/pdf"),
    url: mostlyOf(
      `data:image/png;base64,${PIXEL}`,
      "data:text/plain,%E0%A4%A",
      "data:text/plain;base64,####",
      "data:,x",
      "http://127.0.0.1/x.png",
      "file:///etc/passwd",
    ),
    filename: mostly(nastyText),
  }),
  record({
    type: constantFrom("tool-look", "dynamic-tool", "tool-", "data-problem", "step-start"),
    toolName: mostly(nastyText),
    toolCallId: nastyValue,
    state: mostlyOf("output-available", "output-error", "input-available"),
    input: nastyValue,
    output: nastyValue,
  }),
);

const call = record({
  id: mostly(nastyText),
  function: mostly(record({ name: mostly(nastyText), arguments: mostlyOf({}, "{}") })),
});
const tool = mostly(
  record({
    type: mostlyOf("function"),
    function: mostly(record({ name: mostlyOf("look"), parameters: mostlyOf({}, { type: [] }) })),
  }),
);
const message = mostly(
  oneof(
    { weight: 4, arbitrary: record({ role, content: mostly(text) }) },
    {
      weight: 2,
      arbitrary: record({ role, parts: mostly(array(mostly(part), { maxLength: 3 })) }),
    },
    {
      weight: 1,
      arbitrary: record(
        {
          role,
          content: mostly(text),
          images: mostly(array(mostlyOf(PIXEL, "x"), { maxLength: 2 })),
          tool_calls: mostly(array(call, { maxLength: 2 })),
          tool_name: mostly(nastyText),
        },
        { requiredKeys: ["role"] },
      ),
    },
  ),
  40,
);
const messages = mostly(array(message, { minLength: 1, maxLength: 3 }), 40);

/** Fields that any body may have beside its own, under names that are nobody's or are Go's for another. */
const strays = dictionary(constantFrom(...NASTY_NAMES), nastyValue, { maxKeys: 3 });

function withStrays(body: Arbitrary<object>): Arbitrary<unknown> {
  const strayed = tuple(body, strays).map(([own, more]) => ({ ...own, ...more }));
  return oneof(
    { weight: 8, arbitrary: body },
    { weight: 4, arbitrary: strayed },
    { weight: 1, arbitrary: nastyValue },
  );
}

const shared = { model, stream: mostlyOf(true, false), keep_alive: keepAlive, options };

/** POST /api/chat of ours. */
export const chatBody = withStrays(
  record(
    {
      ...shared,
      messages,
      think: mostlyOf(true, false, "high", "max"),
      format: mostlyOf("json", {}, { type: "object" }),
      tools: mostly(array(tool, { maxLength: 2 })),
      context: mostlyOf("trim", "refuse"),
    },
    { requiredKeys: ["messages"] },
  ),
);

/** Any of the relayed surfaces. */
export const surfaceBody = withStrays(
  record(
    {
      ...shared,
      messages,
      prompt: mostly(text),
      input: mostly(text),
      max_tokens: mostlyOf(1, 1e9, -5, 0.5),
      max_completion_tokens: mostlyOf(1, -1),
      max_output_tokens: mostlyOf(1, 2 ** 60),
      think: mostlyOf(true, false, "high", null),
      format: mostlyOf("json", {}, null),
      template: nastyValue,
      tools: mostly(array(tool, { maxLength: 2 })),
    },
    { requiredKeys: ["model"] },
  ),
);

/** POST /api/show. */
export const showBody = withStrays(
  record({ model, name: model, verbose: nastyValue }, { requiredKeys: [] }),
);

/** POST /api/session. */
export function signInBody(accessKey: string): Arbitrary<unknown> {
  const key = mostlyOf(accessKey, ` ${accessKey}\n`, accessKey.slice(1), "x".repeat(256));
  return withStrays(record({ key }));
}
