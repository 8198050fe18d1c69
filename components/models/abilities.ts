import type { ListedModel } from "./models.ts";

/** What a model can beside chatting, as Ollama names it, in the order it is shown. */
export const ABILITIES = ["thinking", "tools", "vision"] as const;
export type Ability = (typeof ABILITIES)[number];

type Abilities = Pick<ListedModel, "capabilities">;

/** Undefined: an older Ollama does not tell. */
function can({ capabilities }: Abilities, ability: Ability): boolean | undefined {
  return capabilities.length === 0 ? undefined : capabilities.includes(ability);
}

/** Whether it takes images; undefined where Ollama does not tell. */
export function canSee(model: Abilities): boolean | undefined {
  return can(model, "vision");
}

/** Whether it can think aloud before it answers; undefined where Ollama does not tell. */
export function canThink(model: Abilities): boolean | undefined {
  return can(model, "thinking");
}

/** Whether it can ask for tools to be called; undefined where Ollama does not tell. */
export function canCallTools(model: Abilities): boolean | undefined {
  return can(model, "tools");
}

/** Whether it takes an effort of thinking rather than on and off: the gpt-oss family, by Ollama's documentation. */
export function takesEfforts({ name, family }: Pick<ListedModel, "name" | "family">): boolean {
  return /gpt-?oss/iu.test(family ?? "") || /(?:^|\/)gpt-oss(?:[-:]|$)/iu.test(name);
}
