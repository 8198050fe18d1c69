import { useId, useRef, type ReactNode } from "react";
import { AgainIcon } from "../common/icons.tsx";
import { isByKeyboard } from "./is-by-keyboard.ts";
import { strings } from "../strings/strings.ts";

const FIELD = "input, textarea";

interface SettingProps {
  /** In plain words. */
  readonly label: string;
  /** As Ollama calls it; absent for what is the app's own. */
  readonly ollama?: string;
  readonly hint: string;
  /** What is wrong with what stands in the field. */
  readonly mistake?: string | undefined;
  /** Absent where it is the default. */
  readonly onReset: (() => void) | undefined;
  /** Of one field; absent for a group of them. */
  readonly fieldId?: string;
  /** Over the whole width. */
  readonly wide?: boolean;
  /** Gets the id of what describes the field. */
  readonly children: (describedBy: string) => ReactNode;
}

/** What all settings have in common: a name, Ollama's name, a way back, a hint, and what is wrong. */
export function Setting(props: SettingProps): ReactNode {
  const { label, ollama, hint, mistake, onReset, fieldId, wide = false, children } = props;
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const words = strings.models.settings;
  const name = (
    <>
      {label} {ollama === undefined ? null : <code>{ollama}</code>}
    </>
  );
  const head = (
    <div className="settings-name">
      {fieldId === undefined ? (
        <span id={`${id}name`}>{name}</span>
      ) : (
        <label htmlFor={fieldId}>{name}</label>
      )}
      {onReset === undefined ? null : (
        <button
          type="button"
          className="quiet"
          aria-label={words.resetOne(label)}
          onClick={(event) => {
            onReset();
            // The button goes; the keyboard stays with the field.
            if (isByKeyboard(event)) root.current?.querySelector<HTMLElement>(FIELD)?.focus();
          }}
        >
          <AgainIcon />
          {words.reset}
        </button>
      )}
    </div>
  );
  return (
    <div
      ref={root}
      className="settings-field"
      data-wide={wide ? "" : undefined}
      {...(fieldId === undefined ? { role: "group", "aria-labelledby": `${id}name` } : {})}
    >
      {head}
      {children(`${id}mistake ${id}hint`)}
      <p id={`${id}mistake`} className="settings-mistake" aria-live="polite">
        {mistake}
      </p>
      <p id={`${id}hint`} className="settings-hint">
        {hint}
      </p>
    </div>
  );
}
