import type { Config } from "./config.ts";

/**
 * What this process keeps for a configuration (of which it has one, and tests several): made when it is first asked
 * for, and gone with the configuration.
 */
export function perConfig<Value>(make: (config: Config) => Value): (config: Config) => Value {
  const made = new WeakMap<Config, { readonly value: Value }>();
  return (config) => {
    let known = made.get(config);
    if (known === undefined) {
      known = { value: make(config) };
      made.set(config, known);
    }
    return known.value;
  };
}
