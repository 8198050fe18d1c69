/** See stages.mjs, which is plain JavaScript: it runs before any package is there. */
export const STAGE_NAMES: readonly string[];
