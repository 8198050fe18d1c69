/** The stages of `npm test` (tests/run/stages.ts), known here so that a wrong name costs no installation. */
export const STAGE_NAMES = [
  "provision",
  "format",
  "lint",
  "types",
  "unused",
  "unit",
  "build",
  "integration",
  "vercel",
  "e2e",
];

/**
 * Answers what needs no test to run.
 *
 * @param {readonly string[]} names what stands after `npm test --`
 * @returns {{ code: number, text: string } | undefined} undefined: the stages named are there
 */
export function answerAtOnce(names) {
  const stages = `The stages are: ${STAGE_NAMES.join(", ")}.`;
  if (names.includes("--help") || names.includes("-h")) {
    const text = `Runs every check there is, or the stages named and what they need.\n\nnpm test -- [STAGE ...]\n\n${stages}`;
    return { code: 0, text };
  }
  const unknown = names.filter((name) => !STAGE_NAMES.includes(name));
  return unknown.length === 0
    ? undefined
    : { code: 2, text: `There is no stage ${unknown.join(", ")}. ${stages}` };
}
