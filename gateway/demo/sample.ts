import { fieldsOf, listOf } from "./json.ts";

/** Of the message, the word that looks most like a name; an empty message has none. */
function namedIn(message: string): string {
  return message.match(/\p{Lu}\p{L}+/gu)?.at(-1) ?? "demo";
}

/**
 * A value that satisfies a JSON Schema, so that tool calls and structured output have the shape
 * that was asked for. Knows the common keywords; a schema that says nothing gets a string.
 *
 * @param message where names are taken from: the city in "Weather in Seoul?"
 */
export function sample(schema: unknown, message: string): unknown {
  const { type, properties, items, enum: choices, ...rest } = fieldsOf(schema);
  if ("const" in rest) return rest.const;
  if (Array.isArray(choices)) return choices[0];
  const [variant] = listOf(rest.anyOf ?? rest.oneOf);
  if (variant !== undefined) return sample(variant, message);
  switch (Array.isArray(type) ? type[0] : type) {
    case "object": {
      const entries = Object.entries(fieldsOf(properties));
      return Object.fromEntries(entries.map(([name, inner]) => [name, sample(inner, message)]));
    }
    case "array":
      return [sample(items, message)];
    case "number":
    case "integer":
      return 21;
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return namedIn(message);
  }
}
