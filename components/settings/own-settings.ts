import type { Think } from "../../lib/chat.ts";
import type { ChatSettings } from "../../lib/store/records.ts";
import { canThink, takesEfforts } from "../models/abilities.ts";
import type { ListedModel } from "../models/models.ts";
import { fieldFor } from "./fields.ts";

type Options = NonNullable<ChatSettings["options"]>;

/** Whether anything but the model differs from the default. */
export function hasOwnSettings(settings: ChatSettings): boolean {
  const { system, think, options, context } = settings;
  return (
    system !== undefined ||
    think !== undefined ||
    context !== undefined ||
    (options !== undefined && Object.keys(options).length > 0)
  );
}

/** The settings with one of them changed; undefined takes it out. */
export function withSetting<Name extends "system" | "think" | "context">(
  settings: ChatSettings,
  name: Name,
  value: ChatSettings[Name] | undefined,
): ChatSettings {
  const { [name]: _before, ...others } = settings;
  return value === undefined ? others : { ...others, [name]: value };
}

/** The settings with one option changed; undefined takes it out. */
export function withOption(
  settings: ChatSettings,
  name: string,
  value: Options[string] | undefined,
): ChatSettings {
  const { options: before = {}, ...others } = settings;
  const { [name]: _before, ...rest } = before;
  const options = value === undefined ? rest : { ...rest, [name]: value };
  return Object.keys(options).length === 0 ? others : { ...others, options };
}

/** Everything as the model has it; which model it is stays. */
export function withoutOwn({ model }: ChatSettings): ChatSettings {
  return model === undefined ? {} : { model };
}

/** What can be chosen beside the default, for a model that thinks. */
export function thinkChoices(model: Pick<ListedModel, "name" | "family">): readonly Think[] {
  return takesEfforts(model) ? ["low", "medium", "high", "max"] : [false, true];
}

/**
 * What of the settings this model takes, for a question: thinking in its own terms, and no longer context than it
 * has. Of a model that nobody knows, all of them.
 */
export function settingsFor(settings: ChatSettings, model: ListedModel | undefined): ChatSettings {
  if (model === undefined) return settings;
  const fitting = withSetting(settings, "think", thinkFor(settings.think, model));
  const context = settings.options?.["num_ctx"];
  if (typeof context !== "number") return fitting;
  const { high } = fieldFor("num_ctx", model.contextLength);
  return withOption(fitting, "num_ctx", Math.min(context, high));
}

function thinkFor(think: Think | undefined, model: ListedModel): Think | undefined {
  if (think === undefined || canThink(model) !== true) return undefined;
  const isEffort = typeof think === "string";
  if (takesEfforts(model)) return isEffort ? think : undefined;
  return isEffort ? true : think;
}
