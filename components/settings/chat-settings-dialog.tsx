import { useId, useState, type ReactNode } from "react";
import type { ChatSettings } from "../../lib/store/records.ts";
import { shortName } from "../models/model-name.ts";
import type { ListedModel } from "../models/models.ts";
import { useModal } from "../common/use-modal.ts";
import { strings } from "../strings/strings.ts";
import { ContextSetting } from "./context-setting.tsx";
import { fieldFor, type NumberOption } from "./fields.ts";
import { CloseIcon } from "./icons.tsx";
import { NumberSetting } from "./number-setting.tsx";
import { hasOwnSettings, withOption, withoutOwn, withSetting } from "./own-settings.ts";
import { StopSetting } from "./stop-setting.tsx";
import { SystemSetting } from "./system-setting.tsx";
import { ThinkSetting } from "./think-setting.tsx";

interface ChatSettingsDialogProps {
  readonly settings: ChatSettings;
  /** The model in use; undefined while nobody knows it. */
  readonly model: ListedModel | undefined;
  /** At each change that is valid; it counts from the next question on. */
  readonly onChange: (settings: ChatSettings) => void;
  readonly onClose: () => void;
}

const LENGTHS: readonly NumberOption[] = ["num_ctx", "num_predict"];
const CHANCES: readonly NumberOption[] = [
  "temperature",
  "top_p",
  "top_k",
  "min_p",
  "repeat_penalty",
  "seed",
];

/** What the questions of one chat are asked with. */
export function ChatSettingsDialog(props: ChatSettingsDialogProps): ReactNode {
  const { settings, model, onChange, onClose } = props;
  const words = strings.models.settings;
  const id = useId();
  const dialog = useModal();
  const [resets, setResets] = useState(0);
  const close = () => dialog.current?.close();
  const resetAll = () => {
    onChange(withoutOwn(settings));
    setResets(resets + 1);
  };
  const numberOf = (name: NumberOption) => {
    const value = settings.options?.[name];
    return (
      <NumberSetting
        key={name}
        name={name}
        field={fieldFor(name, model?.contextLength)}
        value={typeof value === "number" ? value : undefined}
        onChange={(next) => onChange(withOption(settings, name, next))}
      />
    );
  };
  const stop = settings.options?.["stop"];

  return (
    <dialog ref={dialog} className="settings" aria-labelledby={id} onClose={onClose}>
      <div className="settings-head">
        <div>
          <h2 id={id}>{words.title}</h2>
          <p>{model === undefined ? words.scope : words.scopeOf(shortName(model.name))}</p>
        </div>
        <button
          type="button"
          className="quiet icon"
          aria-label={words.close}
          title={words.close}
          onClick={close}
        >
          <CloseIcon />
        </button>
      </div>
      {/* Fields that are reset begin anew: what was written in them is gone. */}
      <div key={resets} className="settings-body">
        <SystemSetting
          value={settings.system}
          onChange={(next) => onChange(withSetting(settings, "system", next))}
        />
        <ThinkSetting
          model={model}
          value={settings.think}
          onChange={(next) => onChange(withSetting(settings, "think", next))}
        />
        <ContextSetting
          value={settings.context}
          onChange={(next) => onChange(withSetting(settings, "context", next))}
        />
        <h3>{words.lengths}</h3>
        {LENGTHS.map(numberOf)}
        <h3>{words.chances}</h3>
        {CHANCES.map(numberOf)}
        <StopSetting
          value={typeof stop === "object" ? stop : []}
          onChange={(next) =>
            onChange(withOption(settings, "stop", next.length === 0 ? undefined : next))
          }
        />
      </div>
      <div className="settings-foot">
        <button
          type="button"
          className="quiet"
          aria-disabled={!hasOwnSettings(settings)}
          onClick={resetAll}
        >
          {words.resetAll}
        </button>
        <button type="button" className="button" onClick={close}>
          {words.done}
        </button>
      </div>
    </dialog>
  );
}
