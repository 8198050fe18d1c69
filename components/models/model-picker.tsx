import { memo, useEffect, useId, useRef, useState, type ReactNode } from "react";
import { strings } from "../strings/strings.ts";
import { ChevronIcon } from "./icons.tsx";
import { memoryOf, type MemoryState } from "./memory.ts";
import { shortName } from "./model-name.ts";
import type { ListedModel, ModelList } from "./models.ts";
import { useLate } from "./use-late.ts";
import type { ModelChoice } from "./use-models.ts";

const loadPanel = () => import("./model-panel.tsx");

interface ModelPickerProps {
  readonly models: ModelChoice;
}

/**
 * Which model answers: a button that says so, and the list of them in a popover that comes late. Renders again only
 * when something of `models` changes.
 */
export const ModelPicker = memo(function ModelPicker({ models }: ModelPickerProps): ReactNode {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const panel = useLate(loadPanel, open);
  useEffect(() => {
    const element = popover.current;
    // The button works before this script does.
    setOpen(element?.matches(":popover-open") === true);
    element?.addEventListener("keydown", keepEscape);
    return () => element?.removeEventListener("keydown", keepEscape);
  }, []);

  const { list, inUse, states, reload } = models;
  const memory = inUse === undefined ? undefined : memoryOf(inUse, states);
  const onToggle = (isOpen: boolean) => {
    setOpen(isOpen);
    if (isOpen) void reload();
  };
  const close = () => {
    popover.current?.hidePopover();
    button.current?.focus();
  };
  return (
    <div className="models">
      <button
        ref={button}
        type="button"
        className="models-button"
        aria-label={`${strings.model}: ${describe(list, inUse, memory)}`}
        aria-haspopup="dialog"
        aria-expanded={open}
        popoverTarget={id}
        data-state={stateOf(inUse, memory)}
        onPointerEnter={() => void loadPanel().catch(() => undefined)}
      >
        <span className="models-lamp" aria-hidden="true" />
        <span className="models-name">
          {inUse ? shortName(inUse.name) : placeholder(list)}
        </span>{" "}
        {inUse === undefined ? null : (
          <span className="models-state">{stateWord(inUse, memory)}</span>
        )}
        <ChevronIcon />
      </button>
      <span className="hidden" aria-live="polite">
        {[...states].map(([name, state]) => announce(name, state)).join(" ")}
      </span>
      <div
        ref={popover}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={strings.model}
        tabIndex={-1}
        className="models-popover"
        onBeforeToggle={(event) => {
          if (event.newState === "open") placeBelow(popover.current, button.current);
        }}
        onToggle={(event) => onToggle(event.newState === "open")}
      >
        {!open ? null : panel.state === "here" ? (
          <panel.part.ModelPanel models={models} onClose={close} />
        ) : (
          <p className="models-note">
            {panel.state === "failed" ? strings.models.notShown : strings.modelsLoading}
          </p>
        )}
      </div>
    </div>
  );
});

function stateOf(model: ListedModel | undefined, memory: MemoryState | undefined): string {
  return memory?.state ?? (model?.loaded === true ? "loaded" : "idle");
}

function stateWord(model: ListedModel, memory: MemoryState | undefined): string {
  if (memory !== undefined && memory.state !== "failed") return strings.models.doing[memory.state];
  return model.loaded ? strings.modelLoaded : strings.models.notLoaded;
}

function describe(
  list: ModelList,
  model: ListedModel | undefined,
  memory: MemoryState | undefined,
): string {
  if (model === undefined) return placeholder(list);
  return `${shortName(model.name)} ${stateWord(model, memory)}`;
}

function announce(name: string, memory: MemoryState): string {
  const happens =
    memory.state === "failed"
      ? `${memory.problem.message} ${memory.problem.fix}`
      : strings.models.doing[memory.state];
  return `${shortName(name)}: ${happens}`;
}

function placeholder({ state }: ModelList): string {
  const texts: Readonly<Record<ModelList["state"], string>> = {
    loading: strings.modelsLoading,
    failed: strings.modelsMissing,
    ready: strings.modelsNone,
  };
  return texts[state];
}

/** Escape closes the list; it does not stop an answer as well. */
function keepEscape(event: KeyboardEvent): void {
  if (event.key === "Escape") event.stopPropagation();
}

/** In the top layer nothing tells the popover where its button is. */
function placeBelow(popover: HTMLElement | null, button: HTMLElement | null): void {
  if (popover === null || button === null) return;
  const { left, bottom } = button.getBoundingClientRect();
  popover.style.setProperty("--models-left", `${left}px`);
  popover.style.setProperty("--models-top", `${bottom}px`);
}
