/** What every client asks. */

export const HELLO = "Hello";

/** The scripted models call the tool for this city, the demo engine for the last name in the words. */
export const WEATHER = "Weather in Seoul?";

export const TOOL = {
  name: "get_weather",
  description: "Weather of a city",
  parameters: {
    type: "object" as const,
    properties: {
      city: { type: "string" as const },
      unit: { type: "string" as const, enum: ["celsius", "fahrenheit"] },
    },
    required: ["city"],
  },
};

/** The tool as Ollama and OpenAI take it. */
export const FUNCTION_TOOL = { type: "function" as const, function: TOOL };

/** What the tool says. */
export const DEGREES = "21";

export const CITY_SCHEMA = {
  type: "object" as const,
  properties: { city: { type: "string" as const }, degrees: { type: "number" as const } },
  required: ["city", "degrees"],
  additionalProperties: false,
};

export const TEXTS = ["one", "two"];
