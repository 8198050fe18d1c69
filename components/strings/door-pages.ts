import { englishDoorPages } from "./english-door-pages.ts";
import type { DoorPageStrings } from "./strings-shape.ts";

/**
 * The words of the pages around the chat, in the language in use: a module of its own, since every page has an
 * error page with it, and would load all the other words once more.
 */
export const doorPages: DoorPageStrings = englishDoorPages;
