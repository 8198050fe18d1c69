import type { ListedModel } from "./models.ts";

/** The name as it is shown: a tag that says nothing is left out. */
export function shortName(name: string): string {
  return name.replace(/:latest$/u, "");
}

/** The model of this name; one without a tag means `:latest`, as for Ollama. */
export function findModel(
  models: readonly ListedModel[],
  name: string | undefined,
): ListedModel | undefined {
  return name === undefined
    ? undefined
    : (models.find((each) => each.name === name) ??
        models.find((each) => each.name === `${name}:latest`));
}

/** Those in whose name, family, size or abilities every word of the query stands, in the order they came. */
export function matchModels(models: readonly ListedModel[], query: string): readonly ListedModel[] {
  const words = fold(query).split(/\s+/u).filter(Boolean);
  return models.filter((model) => {
    const { name, family, parameters, quantisation, capabilities } = model;
    const text = fold([name, family, parameters, quantisation, ...capabilities].join(" "));
    return words.every((word) => text.includes(word));
  });
}

/** Letters of full width and capitals find what they mean. */
function fold(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}
