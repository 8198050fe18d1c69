import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { isComposing } from "../common/is-composing.ts";
import { strings } from "../strings/strings.ts";
import { ListTrouble, NoModels } from "./list-trouble.tsx";
import { memoryOf } from "./memory.ts";
import { ModelActions } from "./model-actions.tsx";
import { matchModels, shortName } from "./model-name.ts";
import { ModelOption } from "./model-option.tsx";
import { moveIn } from "./move-in.ts";
import type { ListedModel } from "./models.ts";
import { useClock } from "./use-clock.ts";
import type { ModelChoice } from "./use-models.ts";

interface ModelPanelProps {
  readonly models: ModelChoice;
  /** Closes the popover and gives the focus back. */
  readonly onClose: () => void;
}

/** What the picker's popover holds: the list, or why there is none. */
export function ModelPanel({ models, onClose }: ModelPanelProps): ReactNode {
  const { list, missing, reload } = models;
  if (list.state === "loading") return <p className="models-note">{strings.modelsLoading}</p>;
  if (list.state === "failed") return <ListTrouble problem={list.problem} onRetry={reload} />;
  if (list.models.length === 0) return <NoModels onRetry={reload} />;
  return (
    <>
      {missing === undefined ? null : (
        <p className="models-note">{strings.models.gone(shortName(missing))}</p>
      )}
      {list.problem === undefined ? null : (
        <ListTrouble problem={list.problem} stale onRetry={reload} />
      )}
      <ModelSearch models={models} listed={list.models} onClose={onClose} />
    </>
  );
}

interface ModelSearchProps extends ModelPanelProps {
  readonly listed: readonly ListedModel[];
}

/**
 * A combobox over a list box. What can be done to a model stands beside its option, not in it, where no reader would
 * find it; of these buttons only the active model's is reached by Tab.
 */
function ModelSearch({ models, listed, onClose }: ModelSearchProps): ReactNode {
  const { chosen, choose, mayControl, states, load, unload } = models;
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState("");
  const [wished, setWished] = useState(chosen);
  const now = useClock(models);
  const shown = matchModels(listed, query);
  const active = shown.find(({ name }) => name === wished) ?? shown.at(0);
  const activeIndex = active === undefined ? -1 : shown.indexOf(active);
  useEffect(() => {
    // On a phone the keyboard would cover the list.
    if (matchMedia("(pointer: fine)").matches) root.current?.querySelector("input")?.focus();
    else root.current?.closest<HTMLElement>("[popover]")?.focus();
    root.current?.querySelector("[data-active]")?.scrollIntoView({ block: "nearest" });
  }, []);

  const take = (name: string) => {
    choose(name);
    onClose();
  };
  const onKey = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) return;
    if (event.key === "Enter" && active !== undefined) take(active.name);
    const next = moveIn(shown.length, activeIndex, event.key);
    if (next !== undefined || event.key === "Enter") event.preventDefault();
    if (next === undefined) return;
    setWished(shown[next]?.name);
    const options = root.current?.querySelectorAll('[role="option"]');
    options?.item(next).scrollIntoView({ block: "nearest" });
  };
  return (
    <div ref={root} className="models-search">
      <input
        type="text"
        role="combobox"
        aria-label={strings.models.search}
        aria-expanded="true"
        aria-controls={`${id}list`}
        aria-autocomplete="list"
        aria-activedescendant={active === undefined ? undefined : `${id}${activeIndex}`}
        placeholder={strings.models.search}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        enterKeyHint="done"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setWished(undefined);
        }}
        onKeyDown={onKey}
      />
      <p className="hidden" aria-live="polite">
        {query === "" ? "" : strings.models.count(shown.length)}
      </p>
      {shown.length === 0 ? <p className="models-note">{strings.models.noMatch}</p> : null}
      <div className="models-rows">
        <div
          role="listbox"
          id={`${id}list`}
          aria-label={strings.models.list}
          style={{ gridRowEnd: `span ${shown.length}` }}
        >
          {shown.map((model, index) => (
            <ModelOption
              key={model.name}
              id={`${id}${index}`}
              model={model}
              memory={memoryOf(model, states)}
              chosen={model.name === chosen}
              active={model === active}
              now={now}
              onPoint={() => setWished(model.name)}
              onTake={() => take(model.name)}
            />
          ))}
        </div>
        {mayControl ? (
          <ModelActions
            models={shown}
            active={active}
            states={states}
            onLoad={load}
            onUnload={unload}
            onReach={setWished}
          />
        ) : null}
      </div>
    </div>
  );
}
