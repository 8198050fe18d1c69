import { readdir } from "node:fs/promises";
import { type Environment, OWN } from "./environment.ts";

/**
 * What a person set that `up` leaves alone, a line each: `.env` files, which `vercel env pull` writes for the app
 * there, and variables of which it makes its own.
 *
 * @param root the clone's folder
 */
export async function unusedNotes(root: string, env: Environment): Promise<readonly string[]> {
  const files = (await readdir(root)).filter(
    (name) => /^\.env(?:\.|$)/.test(name) && name !== ".env.example",
  );
  const names = OWN.filter((name) => (env[name] ?? "") !== "");
  return [
    ...files.toSorted().map((name) => `${name} is not read here. In front: NAME=value npm run up`),
    ...names.map((name) => `${name} is set, but not used: up makes its own.`),
  ];
}
