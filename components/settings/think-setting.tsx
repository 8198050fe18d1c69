import type { ReactNode } from "react";
import type { Think } from "../../lib/chat.ts";
import { canThink, takesEfforts } from "../models/abilities.ts";
import type { ListedModel } from "../models/models.ts";
import { strings } from "../strings/strings.ts";
import { Choice } from "./choice.tsx";
import { settingsFor, thinkChoices } from "./own-settings.ts";
import { Setting } from "./setting.tsx";

interface ThinkSettingProps {
  readonly model: ListedModel | undefined;
  readonly value: Think | undefined;
  readonly onChange: (value: Think | undefined) => void;
}

/** Whether, or how long, the model thinks before it answers; only for a model that can. */
export function ThinkSetting({ model, value, onChange }: ThinkSettingProps): ReactNode {
  if (model === undefined || canThink(model) !== true) return null;
  const words = strings.models.settings;
  const { label, hint, efforts } = words.think;
  const choices = [undefined, ...thinkChoices(model)].map((choice) => ({
    value: choice,
    label: words.think.choices[choice === undefined ? "default" : (`${choice}` as const)],
  }));
  // What another model was set to is shown as this one takes it.
  const taken = settingsFor(value === undefined ? {} : { think: value }, model).think;
  return (
    <Setting
      label={label}
      ollama="think"
      hint={takesEfforts(model) ? efforts : hint}
      onReset={value === undefined ? undefined : () => onChange(undefined)}
      wide
    >
      {(describedBy) => (
        <Choice choices={choices} value={taken} describedBy={describedBy} onChange={onChange} />
      )}
    </Setting>
  );
}
