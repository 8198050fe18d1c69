import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "..");

/** Licences that let anybody use, change and pass on what they get. */
const PERMISSIVE = /^(MIT|MIT-0|ISC|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|0BSD)$/u;

/** Tools of the tests alone, which nobody is handed: docs/decisions/0012-axe-is-under-the-mpl-and-for-tests-only.md. */
const FOR_TESTS_ONLY: ReadonlySet<string> = new Set(["@axe-core/playwright"]);

/** A folder of some person's machine, below which somebody once worked; `user` and a single letter are nobody. */
const PERSONAL_PATH = /\/(?:home|Users)\/(?!user\/)[a-z][\w.-]+\/|\/(?:root|work)\/[\w.]/u;

const packageJson = z
  .object({
    license: z.string(),
    dependencies: z.record(z.string(), z.string()).default({}),
    devDependencies: z.record(z.string(), z.string()).default({}),
    optionalDependencies: z.record(z.string(), z.string()).default({}),
  })
  .parse(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")));

const direct = {
  ...packageJson.dependencies,
  ...packageJson.devDependencies,
  ...packageJson.optionalDependencies,
};

const lockfile: unknown = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));

/** What git keeps or would keep. */
function keptFiles(): string[] {
  const list = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], { cwd: ROOT });
  return list
    .toString()
    .split("\0")
    .filter((name) => name !== "" && existsSync(join(ROOT, name)));
}

function licenceOf(name: string): string | undefined {
  const file = join(ROOT, "node_modules", name, "package.json");
  // Node for another system is not installed here.
  if (!existsSync(file)) {
    return undefined;
  }
  const parsed = z
    .object({ license: z.string() })
    .safeParse(JSON.parse(readFileSync(file, "utf8")));
  return parsed.success ? parsed.data.license : "none named";
}

describe("the repository", () => {
  it("names one exact version of every direct dependency", () => {
    const loose = Object.entries(direct).filter(([, version]) => !/^\d+\.\d+\.\d+$/u.test(version));
    expect(loose).toEqual([]);
  });

  it("depends directly on nothing but permissive licences", () => {
    const handedOn = { ...packageJson.dependencies, ...packageJson.optionalDependencies };
    const others = Object.keys(direct)
      .filter((name) => name in handedOn || !FOR_TESTS_ONLY.has(name))
      .map((name) => [name, licenceOf(name)] as const)
      .filter(([, licence]) => licence !== undefined && !PERMISSIVE.test(licence));
    expect(others).toEqual([]);
  });

  it("has a lockfile that names integrity hashes and no host", () => {
    const text = JSON.stringify(lockfile);
    expect(text).toContain('"integrity"');
    expect(text).not.toContain('"resolved"');
  });

  it("has a lockfile that is complete for every system, so that npm ci takes it", () => {
    const packages = z
      .record(
        z.string(),
        z.object({ optionalDependencies: z.record(z.string(), z.string()).optional() }),
      )
      .parse(z.object({ packages: z.unknown() }).parse(lockfile).packages);
    const named = new Set(Object.keys(packages).map((path) => path.split("node_modules/").at(-1)));
    const wanted = Object.values(packages).flatMap((entry) =>
      Object.keys(entry.optionalDependencies ?? {}),
    );
    expect(wanted.filter((name) => !named.has(name))).toEqual([]);
  });

  it("holds no path of a person's own machine", () => {
    const telling = keptFiles()
      .filter((name) => statSync(join(ROOT, name)).size < 2_000_000)
      .flatMap((name) => {
        const match = PERSONAL_PATH.exec(readFileSync(join(ROOT, name), "utf8"));
        return match === null ? [] : [`${name}: ${match[0]}`];
      });
    expect(telling).toEqual([]);
  });

  it("finds such a path where there is one", () => {
    const [slash, folder] = ["/", "home"];
    expect(PERSONAL_PATH.test(`cd ${slash}${folder}/somebody/latchkey`)).toBe(true);
    expect(PERSONAL_PATH.test("see /api/chat and ~/.cache")).toBe(false);
  });

  it("keeps no secret's file and no build", () => {
    const secret = /(^|\/)(\.env(\..+)?|door-key|access-key|session-secret|.*\.pem|.*\.key)$/u;
    const product = /^(\.next|\.vercel|\.latchkey|dist|node_modules|test-results)\//u;
    const wrong = keptFiles().filter(
      (name) => (secret.test(name) && name !== ".env.example") || product.test(name),
    );
    expect(wrong).toEqual([]);
  });
});
