import type { ReactNode } from "react";
import { Icon } from "../common/icons.tsx";
import type { Ability } from "./abilities.ts";

export const ChevronIcon = () => (
  <Icon>
    <path d="m6 9.5 6 6 6-6" />
  </Icon>
);

export const ABILITY_ICONS: Readonly<Record<Ability, ReactNode>> = {
  thinking: (
    <Icon>
      <path d="M9 17.5c0-2-3-3.2-3-7a6 6 0 0 1 12 0c0 3.8-3 5-3 7ZM9.5 20.5h5" />
    </Icon>
  ),
  tools: (
    <Icon>
      <path d="m14.5 9.5-9.3 9.3M19.5 6.7l-3.2 3.2-2.7-.6-.6-2.7 3.2-3.2a5 5 0 0 0-6.3 6.3M13.5 15.5a5 5 0 0 0 6.4-6.4" />
    </Icon>
  ),
  vision: (
    <Icon>
      <path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z" />
      <circle cx="12" cy="12" r="2.75" />
    </Icon>
  ),
};
