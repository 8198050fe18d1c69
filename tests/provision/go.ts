import { runCommand } from "./run-command.ts";

/** Where a program that Go builds is, or why there is none. */
export type GoProgram = { readonly path: string } | { readonly reason: string };

/** Building takes minutes and fetches much: only where that was asked for. */
export function mayBuild(): boolean {
  return process.env["CI"] === "true" || process.env["LATCHKEY_TEST_INSTALL"] === "1";
}

/** Whether the Go on PATH is 1.`minor` or newer. */
export async function goIsNewEnough(minor: number): Promise<boolean> {
  const version = await runCommand(["go", "env", "GOVERSION"]);
  const match = /^go(\d+)\.(\d+)/u.exec(version.output);
  const [itsMajor, itsMinor] = [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)];
  return version.ok && (itsMajor > 1 || (itsMajor === 1 && itsMinor >= minor));
}
