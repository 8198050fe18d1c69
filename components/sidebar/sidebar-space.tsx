import type { ReactNode } from "react";
import { useOpenness } from "./openness.ts";

/** Keeps the place of the column until the list is loaded, so that nothing moves when it comes. */
export function SidebarSpace(): ReactNode {
  const { wide, open } = useOpenness();
  return wide && open ? <div className="sidebar" /> : null;
}
