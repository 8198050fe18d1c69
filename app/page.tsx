import type { ReactNode } from "react";
import { ChatPage } from "./chat-page.tsx";

/** A new chat. */
export default function NewChatPage(): ReactNode {
  return <ChatPage />;
}
