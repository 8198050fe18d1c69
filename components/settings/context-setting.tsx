import type { ReactNode } from "react";
import type { ChatSettings } from "../../lib/store/records.ts";
import { strings } from "../strings/strings.ts";
import { Choice } from "./choice.tsx";
import { Setting } from "./setting.tsx";

type Policy = ChatSettings["context"];

interface ContextSettingProps {
  readonly value: Policy;
  readonly onChange: (value: Policy) => void;
}

/** What happens when the conversation is longer than the model's context. To refuse is the app's default. */
export function ContextSetting({ value, onChange }: ContextSettingProps): ReactNode {
  const { label, hint, refuse, trim } = strings.models.settings.long;
  return (
    <Setting
      label={label}
      hint={hint}
      onReset={value === undefined ? undefined : () => onChange(undefined)}
      wide
    >
      {(describedBy) => (
        <Choice<Policy>
          choices={[
            { value: undefined, label: refuse },
            { value: "trim", label: trim },
          ]}
          value={value === "trim" ? value : undefined}
          describedBy={describedBy}
          onChange={onChange}
        />
      )}
    </Setting>
  );
}
