/** Icons on a grid of 24, drawn with the colour of the text around them. */
import type { ReactNode } from "react";

export function Icon({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <svg viewBox="0 0 24 24" className="icon-drawing" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export const SendIcon = () => (
  <Icon>
    <path d="M12 19V5M5.5 11.5 12 5l6.5 6.5" />
  </Icon>
);

export const StopIcon = () => (
  <Icon>
    <rect x="5.5" y="5.5" width="13" height="13" rx="2.5" className="filled" />
  </Icon>
);

export const CopyIcon = () => (
  <Icon>
    <rect x="9" y="9" width="11" height="11" rx="2.5" />
    <path d="M5.5 15A1.5 1.5 0 0 1 4 13.5v-8A1.5 1.5 0 0 1 5.5 4h8A1.5 1.5 0 0 1 15 5.5" />
  </Icon>
);

export const CheckIcon = () => (
  <Icon>
    <path d="m5 12.5 4.5 4.5L19 7.5" />
  </Icon>
);

export const AgainIcon = () => (
  <Icon>
    <path d="M19.5 12a7.5 7.5 0 1 1-2.2-5.3M19.5 3.5v4h-4" />
  </Icon>
);

export const NewChatIcon = () => (
  <Icon>
    <path d="M12 5v14M5 12h14" />
  </Icon>
);

export const LeaveIcon = () => (
  <Icon>
    <path d="M14 4.5H7A1.5 1.5 0 0 0 5.5 6v12A1.5 1.5 0 0 0 7 19.5h7M11 12h9M16.5 8.5 20 12l-3.5 3.5" />
  </Icon>
);

export const DownIcon = () => (
  <Icon>
    <path d="M12 5v14M5.5 12.5 12 19l6.5-6.5" />
  </Icon>
);

/** The mark: a keyhole in a door. */
export const Keyhole = () => (
  <svg viewBox="0 0 24 24" className="keyhole" aria-hidden="true" focusable="false">
    <path
      className="door"
      d="M4.5 22V11a7.5 7.5 0 0 1 15 0v11a.9.9 0 0 1-.9.9H5.4a.9.9 0 0 1-.9-.9Z"
    />
    <path
      className="hole"
      d="M12 9.2a2.6 2.6 0 0 0-1.35 4.82L9.9 18h4.2l-.75-3.98A2.6 2.6 0 0 0 12 9.2Z"
    />
  </svg>
);

export const GoOnIcon = () => (
  <Icon>
    <path d="M5 5.5v13l7.5-6.5zM13.5 5.5v13L21 12z" />
  </Icon>
);
