import type { ReactNode } from "react";
import { ROUTES } from "../../lib/contract.ts";
import type { Chats } from "../chats/chats.ts";
import { Keyhole, NewChatIcon } from "../common/icons.tsx";
import { useOpenness } from "../sidebar/openness.ts";
import { SidebarButton } from "../sidebar/sidebar-button.tsx";
import { strings } from "../strings/strings.ts";
import { SignOut } from "./sign-out.tsx";

interface HeaderProps {
  readonly signedIn: boolean;
  readonly chats: Chats;
  readonly onNewChat: () => void;
  /** The model picker. */
  readonly children: ReactNode;
}

/** The bar above the conversation. */
export function Header({ signedIn, chats, onNewChat, children }: HeaderProps): ReactNode {
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
        <SignOut chats={chats} />
      ) : (
        <a className="quiet" href={ROUTES.signIn}>
          {strings.signIn}
        </a>
      )}
    </header>
  );
}
