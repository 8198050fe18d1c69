import { memo, useState, type ReactNode } from "react";
import type { ChatSettings } from "../../lib/store/records.ts";
import type { ListedModel } from "../models/models.ts";
import { useLate } from "../models/use-late.ts";
import { strings } from "../strings/strings.ts";
import { SlidersIcon } from "./icons.tsx";
import { hasOwnSettings } from "./own-settings.ts";

const loadDialog = () => import("./chat-settings-dialog.tsx");

interface SettingsButtonProps {
  readonly settings: ChatSettings;
  /** The model in use. */
  readonly model: ListedModel | undefined;
  readonly onChange: (settings: ChatSettings) => void;
}

/**
 * Opens the settings of a chat; a mark shows that some are its own. The dialog comes when it is asked for. Renders
 * again only when a property changes.
 */
export const SettingsButton = memo(function SettingsButton({
  settings,
  model,
  onChange,
}: SettingsButtonProps): ReactNode {
  const [open, setOpen] = useState(false);
  const dialog = useLate(loadDialog, open);
  const words = strings.models.settings;
  const label = hasOwnSettings(settings) ? words.openChanged : words.open;
  return (
    <>
      <button
        type="button"
        className="quiet icon settings-button"
        aria-label={label}
        title={label}
        aria-haspopup="dialog"
        data-own={hasOwnSettings(settings) ? "" : undefined}
        onPointerEnter={() => void loadDialog().catch(() => undefined)}
        onClick={() => setOpen(true)}
      >
        <SlidersIcon />
      </button>
      {open && dialog.state === "here" ? (
        <dialog.part.ChatSettingsDialog
          settings={settings}
          model={model}
          onChange={onChange}
          onClose={() => setOpen(false)}
        />
      ) : null}
      {open && dialog.state === "failed" ? (
        <span className="settings-failed" role="alert">
          {strings.models.notShown}
          <button type="button" className="quiet" onClick={() => setOpen(false)}>
            {words.close}
          </button>
        </span>
      ) : null}
    </>
  );
});
