/** The options of a chat that are numbers, by Ollama's names. */
export type NumberOption =
  | "num_ctx"
  | "num_predict"
  | "temperature"
  | "top_p"
  | "top_k"
  | "min_p"
  | "repeat_penalty"
  | "seed";

export interface NumberField {
  /** The bounds that the app holds a request to; both may be reached. */
  readonly low: number;
  readonly high: number;
  readonly whole: boolean;
  /** What Ollama's documentation of the Modelfile gives as the default; a model may bring another. */
  readonly usual?: number;
}

/** No request may have the model say more than this, or hold a longer context in memory. Tokens. */
const TOKEN_CAP = 131_072;

/** The app cuts a value to these bounds without a word (lib/wire/options.ts); here a person is told. */
export const NUMBER_FIELDS: Readonly<Record<NumberOption, NumberField>> = {
  num_ctx: { low: 256, high: TOKEN_CAP, whole: true },
  num_predict: { low: 1, high: TOKEN_CAP, whole: true },
  temperature: { low: 0, high: 2, whole: false, usual: 0.8 },
  top_p: { low: 0, high: 1, whole: false, usual: 0.9 },
  top_k: { low: 0, high: 1_000, whole: true, usual: 40 },
  min_p: { low: 0, high: 1, whole: false, usual: 0 },
  repeat_penalty: { low: 0, high: 10, whole: false, usual: 1.1 },
  seed: { low: 0, high: 2_147_483_647, whole: true },
};

/** What ends an answer: how many texts, and how many characters each. */
export const STOP = { most: 8, longest: 200 } as const;

/** The field for a model whose context holds this many tokens; undefined: nobody knows. */
export function fieldFor(name: NumberOption, contextLength: number | undefined): NumberField {
  const field = NUMBER_FIELDS[name];
  if (name !== "num_ctx" || contextLength === undefined) return field;
  return { ...field, high: Math.max(field.low, Math.min(field.high, contextLength)) };
}
