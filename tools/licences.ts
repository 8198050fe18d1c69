/** The licence texts of what the one file holds. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The packages among bundled files, such as `zod` for `node_modules/zod/v4/core/core.js`.
 *
 * @param inputs paths from the clone's folder, with `/`
 */
export function packagesOf(inputs: readonly string[]): readonly string[] {
  const names = inputs.flatMap((path) => {
    const inside = path.split("node_modules/").at(-1);
    if (inside === undefined || inside === path) return [];
    const [first = "", second = ""] = inside.split("/");
    return [first.startsWith("@") ? `${first}/${second}` : first];
  });
  return [...new Set(names)].toSorted();
}

function licenceFile(folder: string): string {
  const name = readdirSync(folder).find((file) => /^licen[cs]e/iu.test(file));
  if (name === undefined) {
    throw new Error(`${folder} holds no licence text, so it cannot be handed on: leave it out.`);
  }
  return readFileSync(join(folder, name), "utf8").trim();
}

/**
 * A comment with the licences of this program and of the packages in it.
 *
 * @throws Error for a package without a licence text
 */
export function licenceComment(root: string, packages: readonly string[]): string {
  const own = ["Latchkey", licenceFile(root)] as const;
  const others = packages.map(
    (name) => [name, licenceFile(join(root, "node_modules", name))] as const,
  );
  const texts = [own, ...others].map(([name, text]) => `--- ${name} ---\n\n${text}`).join("\n\n");
  return `/*\nLicences of what this file holds.\n\n${texts.replaceAll("*/", "* /")}\n*/\n`;
}
