import { useSyncExternalStore, type ReactNode } from "react";
import { strings } from "../../strings/strings.ts";
import { focusComposer } from "../focus-composer.ts";
import { DataImage } from "../data-image.tsx";
import { CloseIcon, TextFileIcon } from "../icons.tsx";
import { REQUEST_BYTES, roomBeside } from "./budget.ts";
import { formatBytes } from "./format-bytes.ts";
import type { Tray, TrayItem } from "./tray.ts";

interface TrayViewProps {
  readonly tray: Tray;
  readonly canSeeImages: boolean | undefined;
  /** Bytes that the conversation so far takes of the request. */
  readonly spentBytes: () => number;
  /** Send was pressed, and waits for the files. */
  readonly isSendWaiting: boolean;
}

/** The files that go with the next message. */
export default function TrayView(props: TrayViewProps): ReactNode {
  const { tray, canSeeImages, spentBytes, isSendWaiting } = props;
  const items = useSyncExternalStore(tray.subscribe, tray.read, tray.read);
  const ready = items.filter((item) => item.ready !== undefined);
  const hasImage = ready.some((item) => item.ready?.attachment.kind === "image");
  return (
    <>
      {/* In the page before its first words, so that they are read out. */}
      <p className="hidden" aria-live="polite">
        {ready.length === 0
          ? ""
          : strings.composer.attached(ready.map(({ name }) => name).join(", "))}
      </p>
      {items.length === 0 ? null : (
        <div className="tray">
          <ul aria-label={strings.composer.files}>
            {items.map((item) => (
              <Chip key={item.id} item={item} onRemove={tray.remove} />
            ))}
          </ul>
          <p className="tray-note" aria-live="polite">
            {isSendWaiting ? strings.composer.sendsWhenReady : totalOf(ready, spentBytes())}
          </p>
          {hasImage && canSeeImages === false ? (
            <p className="tray-note warning" role="note">
              {strings.composer.cannotSee.message} {strings.composer.cannotSee.fix}
            </p>
          ) : null}
        </div>
      )}
    </>
  );
}

function totalOf(items: readonly TrayItem[], spentBytes: number): string {
  const files = items.reduce((sum, { ready }) => sum + (ready?.bytes ?? 0), 0);
  const total = REQUEST_BYTES - roomBeside(spentBytes, "") + files;
  return strings.composer.total(formatBytes(total), formatBytes(REQUEST_BYTES));
}

interface ChipProps {
  readonly item: TrayItem;
  readonly onRemove: (id: string) => void;
}

function Chip({ item: { id, name, ready }, onRemove }: ChipProps): ReactNode {
  return (
    <li className="chip" aria-busy={ready === undefined}>
      {ready === undefined ? (
        <span className="chip-picture waiting-picture" />
      ) : ready.attachment.kind === "image" ? (
        <DataImage className="chip-picture" url={ready.attachment.data} />
      ) : (
        <span className="chip-picture">
          <TextFileIcon />
        </span>
      )}
      <span className="chip-words">
        <span className="chip-name" title={name}>
          {name}
        </span>
        <span className="chip-size">{sizeOf(ready)}</span>
      </span>
      <button
        type="button"
        className="quiet icon"
        aria-label={strings.composer.remove(name)}
        title={strings.composer.remove(name)}
        onClick={() => {
          onRemove(id);
          // The button is gone with its chip.
          focusComposer();
        }}
      >
        <CloseIcon />
      </button>
    </li>
  );
}

function sizeOf(ready: TrayItem["ready"]): string {
  if (ready === undefined) return strings.composer.preparing;
  const bytes = formatBytes(ready.bytes);
  return ready.size === undefined ? bytes : `${bytes} · ${ready.size.width} × ${ready.size.height}`;
}
