import { MODEL } from "../wire/dialect.ts";

const details = {
  parent_model: "",
  format: "gguf",
  family: "llama",
  families: ["llama"],
  parameter_size: "10.82M",
  quantization_level: "unknown",
};

const model = {
  name: MODEL,
  model: MODEL,
  modified_at: "2026-11-23T17:06:55.967473761Z",
  size: 43_302_586,
  digest: "49003394be13f6501c85c3513a6da13d38d6692aeba8db4a164cc91a23a715a4",
};

/** What is answered to a GET, ready to be sent (recordings tags, ps-loaded and version). */
export const ANSWERS: ReadonlyMap<string, string> = new Map([
  ["/health", "OK"],
  ["/api/version", JSON.stringify({ version: "0.24.0" })],
  [
    "/api/tags",
    JSON.stringify({
      models: [
        {
          ...model,
          details: { ...details, context_length: 131_072, embedding_length: 1280 },
          capabilities: ["completion"],
        },
      ],
    }),
  ],
  [
    "/api/ps",
    JSON.stringify({
      models: [
        {
          ...model,
          details,
          expires_at: "2099-11-23T17:37:04.999066117Z",
          size_vram: model.size,
          context_length: 131_072,
        },
      ],
    }),
  ],
]);
