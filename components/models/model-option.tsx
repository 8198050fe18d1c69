import type { ReactNode } from "react";
import { formatSize } from "../common/format.ts";
import { CheckIcon } from "../common/icons.tsx";
import { strings } from "../strings/strings.ts";
import { ABILITIES } from "./abilities.ts";
import { ABILITY_ICONS } from "./icons.tsx";
import type { MemoryState } from "./memory.ts";
import { shortName } from "./model-name.ts";
import type { ListedModel } from "./models.ts";
import { formatTokens, timeLeft } from "./time-left.ts";

const NO_BREAK = "\u00a0";

interface ModelOptionProps {
  readonly id: string;
  readonly model: ListedModel;
  readonly memory: MemoryState | undefined;
  /** It is the one in use. */
  readonly chosen: boolean;
  /** The keyboard or the pointer is here. */
  readonly active: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly onPoint: () => void;
  readonly onTake: () => void;
}

/** One model of the list: its name, what is known of it, and whether it is in memory. */
export function ModelOption(props: ModelOptionProps): ReactNode {
  const { id, model, memory, chosen, active, now, onPoint, onTake } = props;
  const facts = factsOf(model);
  const abilities = ABILITIES.filter((ability) => model.capabilities.includes(ability));
  return (
    <div
      role="option"
      id={id}
      aria-selected={chosen}
      tabIndex={-1}
      data-active={active ? "" : undefined}
      // The keyboard stays in the search field, which stands for the whole list.
      onMouseDown={(event) => event.preventDefault()}
      onMouseMove={active ? undefined : onPoint}
      onClick={onTake}
      onKeyDown={(event) => {
        if (event.key === "Enter" || event.key === " ") onTake();
      }}
    >
      <span className="models-title">
        <span className="models-name">{shortName(model.name)}</span>
        {chosen ? <CheckIcon /> : null}
      </span>
      {facts.length === 0 ? null : <span className="models-facts">{facts.join(" · ")}</span>}
      <span className="models-badges">
        {abilities.map((ability) => (
          <span key={ability} className="models-badge">
            {ABILITY_ICONS[ability]}
            {strings.models.abilities[ability]}
          </span>
        ))}
      </span>
      <Memory model={model} memory={memory} now={now} />
    </div>
  );
}

function Memory({
  model,
  memory,
  now,
}: Pick<ModelOptionProps, "model" | "memory" | "now">): ReactNode {
  if (memory?.state === "failed") {
    return (
      <span className="models-failed">
        {memory.problem.message} {memory.problem.fix}
      </span>
    );
  }
  const state = memory?.state ?? (model.loaded ? "loaded" : "idle");
  return (
    <span className="models-memory" data-state={state}>
      <span className="models-lamp" aria-hidden="true" />
      {memory === undefined ? memoryText(model, now) : strings.models.doing[memory.state]}
    </span>
  );
}

function memoryText({ loaded, expiresAt }: ListedModel, now: number): string {
  if (!loaded) return strings.models.notLoaded;
  if (expiresAt === undefined) return strings.modelLoaded;
  return `${strings.modelLoaded}, ${timeLeft(expiresAt, now)}`;
}

/** `523 MB`, `751M parameters`, `Q4_K_M`, `40K context`: those that are known, each on one line. */
function factsOf({ size, parameters, quantisation, contextLength }: ListedModel): string[] {
  const facts = [
    ...(size === undefined ? [] : [formatSize(size)]),
    ...(parameters === undefined ? [] : [strings.models.parameters(parameters)]),
    ...(quantisation === undefined ? [] : [quantisation]),
    ...(contextLength === undefined ? [] : [strings.models.context(formatTokens(contextLength))]),
  ];
  return facts.map((fact) => fact.replaceAll(" ", NO_BREAK));
}
