import { availableParallelism, loadavg, totalmem } from "node:os";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ROOT } from "../tests/helpers/copy-tree.ts";

const versionSchema = z.object({ version: z.string() });

function versionOf(name: string): string {
  const file = join(ROOT, "node_modules", name, "package.json");
  return versionSchema.parse(JSON.parse(readFileSync(file, "utf8"))).version;
}

/** What the figures depend on; neither names nor paths of the machine. */
export function machineFacts() {
  return {
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    next: versionOf("next"),
    ai: versionOf("ai"),
    /** Processes that wanted a core in the last minute, before the run: others' work is in the figures. */
    load: Number((loadavg()[0] ?? 0).toFixed(2)),
  };
}

/** The same in a line for a person. */
export function machineText(facts: ReturnType<typeof machineFacts>): string {
  const { cores, memoryGiB, system, node, next, ai, load } = facts;
  const versions = `Node ${node}, Next ${next}, ai ${ai}`;
  return `${cores} cores, ${memoryGiB} GiB, ${system}, ${versions}, load ${load}`;
}
