import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { Chat } from "../components/chat.tsx";
import { SESSION_COOKIE } from "../lib/contract.ts";

/** The chat. proxy.ts has sent away who may not see it. */
export default async function ChatPage(): Promise<ReactNode> {
  const signedIn = (await cookies()).has(SESSION_COOKIE);
  return <Chat signedIn={signedIn} />;
}
