import { useEffect, useRef, type ReactNode } from "react";
import type { Attachment } from "../../lib/store/records.ts";
import { strings } from "../strings/strings.ts";
import { DataImage } from "./data-image.tsx";
import { CloseIcon, TextFileIcon } from "./icons.tsx";

/** The files of a message that was sent: pictures open larger, texts unfold. */
export function AttachmentList({
  attachments,
}: {
  readonly attachments: readonly Attachment[];
}): ReactNode {
  return (
    <ul className="attachments" aria-label={strings.composer.files}>
      {attachments.map((attachment) => (
        <li key={attachment.id} data-kind={attachment.kind}>
          {attachment.kind === "image" ? (
            <Picture attachment={attachment} />
          ) : (
            <details>
              <summary>
                <TextFileIcon />
                <span>{attachment.name}</span>
              </summary>
              <pre tabIndex={0}>{attachment.data}</pre>
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}

function Picture({ attachment: { name, data } }: { readonly attachment: Attachment }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => (dialog.current === null ? undefined : closeLightly(dialog.current)), []);
  return (
    <>
      <button
        type="button"
        className="picture"
        aria-label={strings.composer.enlarge(name)}
        onClick={() => dialog.current?.showModal()}
      >
        <DataImage url={data} />
      </button>
      <dialog ref={dialog} className="picture-dialog" aria-label={name}>
        <DataImage url={data} alt={name} />
        <button
          type="button"
          className="round"
          aria-label={strings.composer.close}
          title={strings.composer.close}
          onClick={() => dialog.current?.close()}
        >
          <CloseIcon />
        </button>
      </dialog>
    </>
  );
}

/** A click beside the picture closes it. Its keys stay its own: Escape must not stop an answer as well. */
function closeLightly(dialog: HTMLDialogElement): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  const closeBeside = ({ target }: Event) => {
    if (target === dialog) dialog.close();
  };
  dialog.addEventListener("click", closeBeside, { signal });
  dialog.addEventListener("keydown", (event) => event.stopPropagation(), { signal });
  return () => listening.abort();
}
