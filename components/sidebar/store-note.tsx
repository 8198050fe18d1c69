import type { ReactNode } from "react";
import type { StoreTrouble } from "../../lib/store/store.ts";
import { strings } from "../strings/strings.ts";

/** Says why chats are not kept, while that is so. */
export function StoreNote({ trouble }: { readonly trouble: StoreTrouble | undefined }): ReactNode {
  return (
    <div className="store-note" role="status">
      {trouble === undefined ? null : <p>{strings.sidebar.troubles[trouble]}</p>}
      {trouble === "newer" ? (
        <button type="button" className="button" onClick={() => location.reload()}>
          {strings.sidebar.reload}
        </button>
      ) : null}
    </div>
  );
}
