import { createHash } from "node:crypto";

export const DEMO_VERSION = "0.0.0-latchkey-demo";

export type Capability = "completion" | "tools" | "thinking" | "embedding";

/** One model of the catalogue. There are no weights behind it, and its details say so. */
export interface DemoModel {
  /** With its tag. */
  readonly name: string;
  readonly capabilities: readonly Capability[];
  /** Bytes, as /api/tags gives them: about what the model's texts take. */
  readonly size: number;
  readonly template: string;
  /** RFC 3339. */
  readonly modifiedAt: string;
}

/** Tokens: what a request gets that does not set num_ctx, and the most that a model says it can. */
export const CONTEXT_LENGTH = 8192;
/** Numbers of an embedding. */
export const EMBEDDING_LENGTH = 256;

const TURNS =
  '{{- range .Messages }}{{ if eq .Role "user" }}<|user|>{{ .Content }}{{ else }}{{ .Content }}{{ end }}{{ end }}';

/** Newest first, as Ollama lists them. */
export const MODELS: readonly DemoModel[] = [
  {
    name: "latchkey-demo:latest",
    capabilities: ["completion"],
    size: 20_480,
    template: `${TURNS}<|answer|>`,
    modifiedAt: "2026-11-01T09:00:03.5Z",
  },
  {
    name: "latchkey-demo-thinking:latest",
    capabilities: ["completion", "thinking"],
    size: 28_672,
    template: `${TURNS}{{ if and .IsThinkSet (not .Think) }}<|answer|>{{ else }}<|think|>{{ end }}`,
    modifiedAt: "2026-11-01T09:00:02.5Z",
  },
  {
    name: "latchkey-demo-tools:latest",
    capabilities: ["completion", "tools"],
    size: 24_576,
    template: `{{ if .Tools }}<|tools|>{{ range .Tools }}{{ . }}{{ end }}{{ end }}${TURNS}<|answer|>`,
    modifiedAt: "2026-11-01T09:00:01.5Z",
  },
  {
    name: "latchkey-demo-embed:latest",
    capabilities: ["embedding"],
    size: 4096,
    template: "{{ .Prompt }}",
    modifiedAt: "2026-11-01T09:00:00.5Z",
  },
];

/** A name with its tag; without one it means `:latest`. */
export function fullName(name: string): string {
  return name.includes(":") ? name : `${name}:latest`;
}

export function findModel(name: string): DemoModel | undefined {
  const full = fullName(name);
  return MODELS.find((model) => model.name === full);
}

export function can(model: DemoModel, capability: Capability): boolean {
  return model.capabilities.includes(capability);
}

export function digest(model: DemoModel): string {
  return createHash("sha256").update(`${DEMO_VERSION} ${model.name}`).digest("hex");
}

/** The `details` object of /api/tags, /api/show and /api/ps. */
export function details(): Readonly<Record<string, unknown>> {
  return {
    parent_model: "",
    format: "gguf",
    family: "latchkey",
    families: ["latchkey"],
    parameter_size: "0",
    quantization_level: "unknown",
  };
}
