import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { isChatId } from "../../../lib/return-to.ts";
import { ChatPage } from "../../chat-page.tsx";

interface KeptChatPageProps {
  readonly params: Promise<{ readonly id: string }>;
}

/** A chat that this browser keeps: the server knows none, and can only see whether it may be the name of one. */
export default async function KeptChatPage({ params }: KeptChatPageProps): Promise<ReactNode> {
  const { id } = await params;
  if (!isChatId(id)) notFound();
  return <ChatPage chatId={id} />;
}
