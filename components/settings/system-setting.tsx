import { useId, useState, type ReactNode } from "react";
import { strings } from "../strings/strings.ts";
import { Setting } from "./setting.tsx";

interface SystemSettingProps {
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** What the model is told before everything else. Blank is as good as none. */
export function SystemSetting({ value, onChange }: SystemSettingProps): ReactNode {
  const id = useId();
  const [written, setWritten] = useState(value ?? "");
  const { label, hint, unset } = strings.models.settings.fields.system;
  const write = (text: string) => {
    setWritten(text);
    onChange(text.trim() === "" ? undefined : text);
  };
  return (
    <Setting
      label={label}
      ollama="system"
      hint={hint}
      onReset={written === "" ? undefined : () => write("")}
      fieldId={id}
      wide
    >
      {(describedBy) => (
        <textarea
          id={id}
          rows={4}
          placeholder={unset}
          aria-describedby={describedBy}
          value={written}
          onChange={(event) => write(event.target.value)}
        />
      )}
    </Setting>
  );
}
