import { randomBytes } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CADDY_FILES, renderCaddy, renderCaddyKeys } from "./render/caddy.ts";
import type { GatewaySpec } from "./spec.ts";

/** In one step: a reader sees the old file or the new one, never half of it. */
async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, text, { flag: "wx", mode: 0o600, flush: true });
  await rename(draft, path);
}

/**
 * Writes the description, the keys and the Caddyfile of a door into its run directory (0700, files 0600).
 *
 * @param keys one for each caller of the description, in any order.
 * @throws Error when a caller has no key, or something cannot be written safely; nothing is written then.
 */
export async function writeDoorFiles(
  directory: string,
  {
    spec,
    keys,
    caddyVersion,
  }: { spec: GatewaySpec; keys: ReadonlyMap<string, string>; caddyVersion: string },
): Promise<void> {
  const callers = spec.callers.map(({ name }) => {
    const key = keys.get(name);
    if (key === undefined)
      throw new Error(`The caller ${name} has no key: add one or take the name out.`);
    return { name, key };
  });
  const { caddyfile } = renderCaddy(spec, { caddyVersion });
  const keyLines = renderCaddyKeys(callers);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await replaceFile(join(directory, "latchkey.json"), `${JSON.stringify(spec, undefined, 2)}\n`);
  await replaceFile(join(directory, CADDY_FILES.keys), keyLines);
  await replaceFile(join(directory, CADDY_FILES.config), caddyfile);
}
