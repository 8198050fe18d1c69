/** Options of ours that npm takes for settings of its own, and hands on in none but their variables. */
const OPTIONS = "demo port door-port host role days key-env key-file dry-run".split(" ");

/**
 * The options that npm kept to itself since no `--` stood before them, as in `npm run up --demo`.
 *
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @returns {string | undefined} what to say; undefined where nothing was kept
 */
export function describeDropped(environment) {
  const script = environment.npm_lifecycle_event;
  const kept = OPTIONS.filter((name) => {
    const value = environment[`npm_config_${name.replaceAll("-", "_")}`];
    return value !== undefined && value !== "";
  });
  if (script === undefined || kept.length === 0) {
    return undefined;
  }
  const options = kept.map((name) => `--${name}`).join(" ");
  const command = script === "latchkey" ? "latchkey -- COMMAND" : `${script} --`;
  return `npm kept ${options} to itself. Put -- in front:\n  npm run ${command} ${options}`;
}
