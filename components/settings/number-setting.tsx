import { useId, useState, type ReactNode } from "react";
import { isComposing } from "../common/is-composing.ts";
import { strings } from "../strings/strings.ts";
import type { NumberField, NumberOption } from "./fields.ts";
import { readNumber, type Reading } from "./read-number.ts";
import { Setting } from "./setting.tsx";

interface NumberSettingProps {
  readonly name: NumberOption;
  readonly field: NumberField;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
}

/** A number. What cannot be taken stays written, is told when the field is left, and changes nothing. */
export function NumberSetting({ name, field, value, onChange }: NumberSettingProps): ReactNode {
  const id = useId();
  const words = strings.models.settings;
  const { label, hint, unset } = words.fields[name];
  /** Undefined: what is in force is what is written. */
  const [draft, setDraft] = useState<string>();
  const [told, setTold] = useState(false);
  const written = draft ?? (value === undefined ? "" : String(value));
  const reading = readNumber(written, field);
  const mistake = told ? mistakeIn(reading, field, value) : undefined;

  const write = (text: string) => {
    setDraft(text);
    const next = readNumber(text, field);
    if (next.state === "invalid") return;
    setTold(false);
    onChange(next.state === "valid" ? next.value : undefined);
  };
  const settle = () => {
    if (reading.state === "invalid") setTold(true);
    else setDraft(undefined);
  };
  const reset = () => {
    setDraft(undefined);
    setTold(false);
    onChange(undefined);
  };
  return (
    <Setting
      label={label}
      ollama={name}
      hint={name === "num_ctx" ? `${hint} ${words.range(field.low, field.high)}` : hint}
      mistake={mistake}
      onReset={written === "" ? undefined : reset}
      fieldId={id}
    >
      {(describedBy) => (
        <input
          id={id}
          type="text"
          inputMode={field.whole ? "numeric" : "decimal"}
          autoComplete="off"
          placeholder={
            unset ?? (field.usual === undefined ? words.unset : words.usual(field.usual))
          }
          aria-describedby={describedBy}
          aria-invalid={mistake !== undefined}
          value={written}
          onChange={(event) => write(event.target.value)}
          onBlur={settle}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !isComposing(event.nativeEvent)) settle();
          }}
        />
      )}
    </Setting>
  );
}

function mistakeIn(
  reading: Reading,
  { low, high }: NumberField,
  value: number | undefined,
): string | undefined {
  if (reading.state !== "invalid") return undefined;
  const words = strings.models.settings;
  const wanted = reading.reason === "range" ? words.range(low, high) : words.wants[reading.reason];
  return `${wanted} ${words.stays(value)}`;
}
