import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { Chat } from "../components/chat.tsx";
import { SESSION_COOKIE } from "../lib/contract.ts";

interface ChatPageProps {
  readonly chatId?: string;
}

/** The chat, new or the one of an address. proxy.ts has sent away who may not see it. */
export async function ChatPage(props: ChatPageProps): Promise<ReactNode> {
  const signedIn = (await cookies()).has(SESSION_COOKIE);
  return <Chat signedIn={signedIn} {...props} />;
}
