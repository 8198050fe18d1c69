import { useId, type ReactNode } from "react";

interface ChoiceProps<Value> {
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  readonly value: Value;
  readonly describedBy: string;
  readonly onChange: (value: Value) => void;
}

/** One of a few, side by side: native radio buttons, so arrows and readers find them as they should. */
export function Choice<Value>({
  choices,
  value,
  describedBy,
  onChange,
}: ChoiceProps<Value>): ReactNode {
  const name = useId();
  return (
    <div className="settings-choice">
      {choices.map((choice) => (
        <label key={choice.label}>
          <input
            type="radio"
            name={name}
            checked={choice.value === value}
            aria-describedby={describedBy}
            onChange={() => onChange(choice.value)}
          />
          {choice.label}
        </label>
      ))}
    </div>
  );
}
