import type { ReactNode } from "react";
import { strings } from "../strings/strings.ts";
import type { MemoryState } from "./memory.ts";
import { shortName } from "./model-name.ts";
import type { ListedModel } from "./models.ts";

interface ModelActionsProps {
  readonly models: readonly ListedModel[];
  readonly active: ListedModel | undefined;
  readonly states: ReadonlyMap<string, MemoryState>;
  readonly onLoad: (name: string) => Promise<void>;
  readonly onUnload: (name: string) => Promise<void>;
  /** A button has the keyboard: its model is the active one. */
  readonly onReach: (name: string) => void;
}

/** Warm up or Unload, one a model, each in its model's row. */
export function ModelActions(props: ModelActionsProps): ReactNode {
  const { models, active, states, onLoad, onUnload, onReach } = props;
  return (
    <div className="models-actions" style={{ gridRowEnd: `span ${models.length}` }}>
      {models.map((model) => {
        const { name, loaded } = model;
        const state = states.get(name)?.state;
        const busy = state === "loading" || state === "unloading";
        const label = strings.models.actions[loaded ? "unload" : "load"];
        return (
          <button
            key={name}
            type="button"
            className="quiet"
            aria-label={strings.models.actionOn(label, shortName(name))}
            aria-disabled={busy}
            tabIndex={model === active ? 0 : -1}
            onFocus={() => onReach(name)}
            onClick={() => {
              if (busy) return;
              void (loaded ? onUnload(name) : onLoad(name));
            }}
          >
            {label}
          </button>
        );
      })}
    </div>
  );
}
