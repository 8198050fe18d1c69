import { lazy, memo, Suspense, useEffect, useRef, useState, type ReactNode } from "react";
import type { Attachment } from "../../lib/store/records.ts";
import { isComposing } from "../common/is-composing.ts";
import { strings } from "../strings/strings.ts";
import { roomBeside } from "./attach/budget.ts";
import { AttachButton } from "./attach-button.tsx";
import { ComposerAlert } from "./composer-alert.tsx";
import type { Drafts } from "./draft-keeper.ts";
import { DropZone } from "./drop-zone.tsx";
import { enterMeaning, isOnGlass } from "./enter.ts";
import type { FileShelf } from "./file-shelf.ts";
import { fitHeight } from "./fit-height.ts";
import { COMPOSER_ID, focusComposer } from "./focus-composer.ts";
import { useVisualViewport } from "./keyboard.ts";
import { loadTrayView } from "./late.ts";
import { SendButton, StopButton } from "./send-button.tsx";
import { useDraft } from "./use-draft.ts";
import { useIncomingFiles } from "./use-incoming-files.ts";
import { useLatest } from "../common/use-latest.ts";
import { useTray } from "./use-shelf.ts";
import { useTroubles } from "./use-troubles.ts";

const TrayView = lazy(loadTrayView);

export interface ComposerProps {
  /** Whose draft is written. It stays the same when a chat's first message is sent. */
  readonly chatKey: string;
  /** The files of all chats' next messages, and whose are shown. */
  readonly shelf: FileShelf;
  readonly filesKey: string;
  /** An answer is awaited or being written. */
  readonly busy: boolean;
  /** Undefined: the app does not know. */
  readonly canSeeImages: boolean | undefined;
  readonly drafts: Drafts;
  /** Bytes that the conversation so far takes of each request; `attach/budget.ts` counts texts and attachments. */
  readonly spentBytes: () => number;
  /** False: not taken; text and files stay. */
  readonly onSend: (text: string, attachments: readonly Attachment[]) => boolean | void;
  readonly onStop: () => void;
}

/** Where a message is written. Uncontrolled: typing renders nothing, and neither does an answer that grows. */
export const Composer = memo(function Composer(props: ComposerProps): ReactNode {
  const { chatKey, shelf, filesKey, busy, canSeeImages, drafts, spentBytes, onStop } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  const latest = useLatest(props);
  const [isWaiting, setWaiting] = useState(false);
  const { told, tell, dismiss } = useTroubles();
  const draft = useDraft(chatKey, drafts, field);
  const tray = useTray(shelf, filesKey, latest, tell);
  const addFiles = (files: readonly File[]) => {
    if (files.length > 0) shelf.add(filesKey, files);
  };
  const isDragging = useIncomingFiles(addFiles, COMPOSER_ID);
  useReady();
  useVisualViewport();

  const deliver = (attachments: readonly Attachment[]) => {
    const box = field.current;
    const now = latest.current;
    if (box === null || now.busy || now.chatKey !== chatKey) return;
    const hasImage = attachments.some(({ kind }) => kind === "image");
    if (hasImage && now.canSeeImages === false) {
      tell(strings.composer.cannotSee);
      return;
    }
    if (now.onSend(box.value.trim(), attachments) === false) return;
    box.value = "";
    fitHeight(box);
    draft.clear();
    shelf.trayOf(filesKey)?.clear();
    dismiss();
  };
  const deliverWhenReady = async () => {
    setWaiting(true);
    const packed = await shelf.pack(filesKey, () => field.current?.value ?? "");
    setWaiting(false);
    if (packed.kind === "full") tell(strings.composer.tooMuch);
    if (packed.kind === "packed") deliver(packed.attachments);
  };
  const send = () => {
    const text = field.current?.value.trim() ?? "";
    if (busy || isWaiting) return;
    if (shelf.hasFiles(filesKey)) void deliverWhenReady();
    else if (text === "") return;
    else if (roomBeside(spentBytes(), text) < 0) tell(strings.composer.tooMuch);
    else deliver([]);
  };

  return (
    <>
      <ComposerAlert troubles={told} onDismiss={dismiss} />
      <div className="composer">
        {tray === undefined ? null : (
          <Suspense>
            <TrayView
              tray={tray}
              canSeeImages={canSeeImages}
              spentBytes={spentBytes}
              isSendWaiting={isWaiting}
            />
          </Suspense>
        )}
        <div className="composer-row">
          <AttachButton onFiles={addFiles} />
          <label className="hidden" htmlFor={COMPOSER_ID}>
            {strings.message}
          </label>
          <textarea
            ref={(box) => {
              field.current = box;
              // What the key on glass says is what it does.
              if (box !== null) box.enterKeyHint = isOnGlass() ? "enter" : "send";
            }}
            id={COMPOSER_ID}
            rows={1}
            placeholder={strings.messagePlaceholder}
            autoComplete="off"
            onKeyDown={(event) => {
              if (event.key !== "Enter" || isComposing(event.nativeEvent)) return;
              if (enterMeaning(event, isOnGlass()) === "new-line") return;
              event.preventDefault();
              send();
            }}
            onInput={({ currentTarget }) => {
              fitHeight(currentTarget);
              draft.write(currentTarget.value);
            }}
          />
          {busy ? (
            <StopButton
              onStop={() => {
                onStop();
                focusComposer();
              }}
            />
          ) : (
            <SendButton isWaiting={isWaiting} onSend={send} />
          )}
        </div>
      </div>
      {isDragging ? <DropZone /> : null}
    </>
  );
});

/** Tells that the composer takes input, and takes it. */
function useReady(): void {
  useEffect(() => {
    const root = document.documentElement;
    root.dataset["ready"] = "";
    focusComposer();
    return () => {
      delete root.dataset["ready"];
    };
  }, []);
}
