import { english } from "./english.ts";
import type { Strings } from "./strings-shape.ts";

/** The words in use. One language now; the choice between several will be made here. */
export const strings: Strings = english;
