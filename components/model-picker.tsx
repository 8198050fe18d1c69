import type { ReactNode } from "react";
import { formatSize } from "./format.ts";
import type { ListedModel, ModelList } from "./models.ts";
import { strings } from "./strings.ts";

interface ModelPickerProps {
  readonly list: ModelList;
  /** The name in use; undefined until it is known. */
  readonly chosen: string | undefined;
  readonly onChoose: (name: string) => void;
}

/** Which model answers. A native list: it works with every keyboard, reader and phone. */
export function ModelPicker({ list, chosen, onChoose }: ModelPickerProps): ReactNode {
  const models = list.state === "ready" ? list.models : [];
  return (
    <label className="picker">
      <span className="hidden">{strings.model}</span>
      <select
        value={chosen ?? ""}
        disabled={models.length === 0}
        onChange={(event) => onChoose(event.target.value)}
      >
        {models.length === 0 ? <option value="">{placeholder(list)}</option> : null}
        {models.map((model) => (
          <option key={model.name} value={model.name}>
            {describe(model)}
          </option>
        ))}
      </select>
    </label>
  );
}

function placeholder({ state }: ModelList): string {
  const texts: Readonly<Record<ModelList["state"], string>> = {
    loading: strings.modelsLoading,
    failed: strings.modelsMissing,
    ready: strings.modelsNone,
  };
  return texts[state];
}

/** `qwen3:0.6b · 523 MB · ready`; a tag that says nothing is left out. */
function describe({ name, size, loaded }: ListedModel): string {
  return [
    name.replace(/:latest$/u, ""),
    ...(size === undefined ? [] : [formatSize(size)]),
    ...(loaded ? [strings.modelLoaded] : []),
  ].join(" · ");
}
