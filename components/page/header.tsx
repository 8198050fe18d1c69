import type { ReactNode } from "react";
import { ROUTES } from "../../lib/contract.ts";
import { Keyhole, LeaveIcon, NewChatIcon } from "../common/icons.tsx";
import { useOpenness } from "../sidebar/openness.ts";
import { SidebarButton } from "../sidebar/sidebar-button.tsx";
import { strings } from "../strings/strings.ts";

interface HeaderProps {
  readonly signedIn: boolean;
  readonly onNewChat: () => void;
  /** The model picker. */
  readonly children: ReactNode;
}

/** The bar above the conversation. */
export function Header({ signedIn, onNewChat, children }: HeaderProps): ReactNode {
  const { wide, open } = useOpenness();
  return (
    <header className="bar">
      <SidebarButton />
      <h1>
        <Keyhole />
        <span>{strings.name}</span>
      </h1>
      {children}
      {/* The list of chats has this button too. */}
      {wide && open ? null : (
        <button
          type="button"
          className="quiet new-chat"
          aria-label={strings.newChat}
          title={strings.newChat}
          onClick={onNewChat}
        >
          <NewChatIcon />
          <span className="wide">{strings.newChat}</span>
        </button>
      )}
      {signedIn ? (
        <button
          type="button"
          className="quiet icon"
          aria-label={strings.signOut}
          title={strings.signOut}
          onClick={() => void signOut()}
        >
          <LeaveIcon />
        </button>
      ) : (
        <a className="quiet" href={ROUTES.signIn}>
          {strings.signIn}
        </a>
      )}
    </header>
  );
}

async function signOut(): Promise<void> {
  try {
    await fetch(ROUTES.session, { method: "DELETE" });
  } finally {
    // Without an answer the cookie may still be there: the sign-in page is where to see to it.
    location.assign(ROUTES.signIn);
  }
}
