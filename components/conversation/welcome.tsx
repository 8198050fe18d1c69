import type { ReactNode } from "react";
import { Keyhole } from "../common/icons.tsx";
import { strings } from "../strings/strings.ts";

interface WelcomeProps {
  readonly temporary: boolean;
  readonly onAsk: (text: string) => void;
}

/** The page before the first question. */
export function Welcome({ temporary, onAsk }: WelcomeProps): ReactNode {
  return (
    <div className="welcome">
      <Keyhole />
      <h2>{temporary ? strings.conversationRoom.temporaryTitle : strings.emptyTitle}</h2>
      <p>{temporary ? strings.conversationRoom.temporaryText : strings.emptyText}</p>
      <ul aria-label={strings.suggestionsLabel}>
        {strings.suggestions.map(({ title, ask }) => (
          <li key={title}>
            <button type="button" onClick={() => onAsk(ask)}>
              <strong>{title}</strong>
              <span>{ask}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
