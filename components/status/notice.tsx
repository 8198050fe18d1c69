import type { ReactNode } from "react";
import type { NoticeData } from "../../lib/chat.ts";
import { NoticeIcon } from "./icons.tsx";

/** What was done on the person's behalf, as a line in the answer. */
export function Notice({ notice }: { readonly notice: NoticeData }): ReactNode {
  return (
    <p className="status-notice" data-kind={notice.kind}>
      <NoticeIcon />
      <span>{notice.message}</span>
    </p>
  );
}
