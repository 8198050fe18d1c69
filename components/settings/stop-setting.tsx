import { useId, useState, type ReactNode } from "react";
import { isComposing } from "../common/is-composing.ts";
import { strings } from "../strings/strings.ts";
import { STOP } from "./fields.ts";
import { CloseIcon } from "./icons.tsx";
import { isByKeyboard } from "./is-by-keyboard.ts";
import { Setting } from "./setting.tsx";
import { addStop, showStop } from "./stop-texts.ts";

interface StopSettingProps {
  readonly value: readonly string[];
  readonly onChange: (value: readonly string[]) => void;
}

/** Texts that end an answer. Enter takes what is written, and so does leaving the field: nothing written is lost. */
export function StopSetting({ value, onChange }: StopSettingProps): ReactNode {
  const id = useId();
  const words = strings.models.settings;
  const { label, hint, unset } = words.fields.stop;
  const [written, setWritten] = useState("");
  const [refused, setRefused] = useState<"many" | "long">();
  const add = () => {
    const next = addStop(value, written);
    if (typeof next === "string") {
      setRefused(next);
      return;
    }
    setWritten("");
    if (next !== value) onChange(next);
  };
  const mistake =
    refused === "many"
      ? words.stopMany(STOP.most)
      : refused === "long"
        ? words.stopLong(STOP.longest)
        : undefined;
  return (
    <Setting
      label={label}
      ollama="stop"
      hint={hint}
      mistake={mistake}
      onReset={value.length === 0 ? undefined : () => onChange([])}
      fieldId={id}
      wide
    >
      {(describedBy) => (
        <>
          {value.length === 0 ? null : (
            <ul className="settings-stops">
              {value.map((text) => (
                <li key={text}>
                  <code>{showStop(text)}</code>
                  <button
                    type="button"
                    className="quiet icon"
                    aria-label={words.stopRemove(showStop(text))}
                    onClick={(event) => {
                      onChange(value.filter((each) => each !== text));
                      if (isByKeyboard(event)) document.getElementById(id)?.focus();
                    }}
                  >
                    <CloseIcon />
                  </button>
                </li>
              ))}
            </ul>
          )}
          <div className="settings-add">
            <input
              id={id}
              type="text"
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              enterKeyHint="enter"
              placeholder={unset}
              aria-describedby={describedBy}
              aria-invalid={mistake !== undefined}
              value={written}
              onChange={(event) => {
                setWritten(event.target.value);
                setRefused(undefined);
              }}
              onBlur={add}
              onKeyDown={(event) => {
                if (event.key === "Enter" && !isComposing(event.nativeEvent)) add();
              }}
            />
            <button type="button" className="quiet" onClick={add}>
              {words.stopAdd}
            </button>
          </div>
        </>
      )}
    </Setting>
  );
}
