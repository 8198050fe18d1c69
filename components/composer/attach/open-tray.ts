import { encodeOffThread } from "./off-thread.ts";
import { Tray, type TrayOptions } from "./tray.ts";

/** A tray that makes its pictures smaller beside the page. */
export function openTray(options: Omit<TrayOptions, "encode">): Tray {
  return new Tray({ ...options, encode: encodeOffThread });
}
