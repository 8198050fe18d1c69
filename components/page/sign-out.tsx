import { useId, useState, type ReactNode } from "react";
import { ROUTES } from "../../lib/contract.ts";
import type { Chats } from "../chats/chats.ts";
import { forgetEveryUnsaved } from "../chats/unsaved-draft.ts";
import { LeaveIcon } from "../common/icons.tsx";
import { useModal } from "../common/use-modal.ts";
import { emptyComposer } from "../composer/empty-composer.ts";
import { strings } from "../strings/strings.ts";

interface SignOutProps {
  readonly chats: Chats;
}

/** What could not be done. */
type Trouble = "chats" | "session";

interface Question {
  /** Chats in this browser. */
  readonly kept: number;
  readonly trouble?: Trouble | undefined;
}

/** Ends the session; where chats are kept in this browser it asks first what is to become of them. */
export function SignOut({ chats }: SignOutProps): ReactNode {
  const [question, setQuestion] = useState<Question>();
  /** Nothing to ask about; but a draft may be there, which is no business of who comes next. */
  const signOutOfNothing = (): Promise<Trouble | undefined> => signOut(() => deleteAll(chats));
  const begin = async (): Promise<void> => {
    const { store } = await chats.open();
    const { length: kept } = await store.list();
    const trouble = kept === 0 ? await signOutOfNothing() : undefined;
    if (kept > 0 || trouble !== undefined) setQuestion({ kept, trouble });
  };
  const signOutOf = async (deletes: boolean): Promise<Trouble | undefined> =>
    (deletes ? await deleteAll(chats) : undefined) ?? (await signOut());
  const leave = async (deletes: boolean): Promise<void> => {
    const trouble = question?.kept === 0 ? await signOutOfNothing() : await signOutOf(deletes);
    if (trouble !== undefined) setQuestion((asked) => ({ kept: 0, ...asked, trouble }));
  };
  return (
    <>
      <button
        type="button"
        className="quiet icon"
        aria-label={strings.signOut}
        title={strings.signOut}
        onClick={() => void begin()}
      >
        <LeaveIcon />
      </button>
      {question === undefined ? null : (
        <SignOutDialog
          {...question}
          onClose={() => setQuestion(undefined)}
          onLeave={(deletes) => void leave(deletes)}
        />
      )}
    </>
  );
}

interface SignOutDialogProps extends Question {
  readonly onClose: () => void;
  readonly onLeave: (deletes: boolean) => void;
}

function SignOutDialog({ kept, trouble, onClose, onLeave }: SignOutDialogProps): ReactNode {
  const id = useId();
  const dialog = useModal();
  const words = strings.signingOut;
  return (
    <dialog ref={dialog} className="sign-out" aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{strings.signOut}</h2>
      {kept === 0 ? null : <p>{words.kept(kept)}</p>}
      {trouble === undefined ? null : (
        <p className="sign-out-trouble" role="alert">
          {words.troubles[trouble]}
        </p>
      )}
      <div className="sign-out-choices">
        <button type="button" className="button" onClick={() => onLeave(false)}>
          {kept === 0 ? strings.retry : words.keep}
        </button>
        {kept === 0 ? null : (
          <button type="button" className="quiet sign-out-delete" onClick={() => onLeave(true)}>
            {words.delete}
          </button>
        )}
        <button type="button" className="quiet" onClick={() => dialog.current?.close()}>
          {words.cancel}
        </button>
      </div>
    </dialog>
  );
}

async function deleteAll(chats: Chats): Promise<Trouble | undefined> {
  const { store } = await chats.open();
  // What is in it would be saved once more when the page goes.
  emptyComposer();
  await store.empty();
  forgetEveryUnsaved();
  return store.trouble === undefined ? undefined : "chats";
}

/** Ends the session, does what is to be done then, and leaves the page; unless the session may still be there. */
async function signOut(then?: () => Promise<unknown>): Promise<Trouble | undefined> {
  try {
    const { ok } = await fetch(ROUTES.session, { method: "DELETE" });
    if (!ok) return "session";
  } catch {
    return "session";
  }
  await then?.();
  location.assign(ROUTES.signIn);
  return undefined;
}
