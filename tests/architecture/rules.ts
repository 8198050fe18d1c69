import { posix } from "node:path";
import { importsOf, withoutComments, type Import } from "./imports.ts";

export interface SourceFile {
  /** From the root of the tree, with `/`. */
  readonly path: string;
  readonly text: string;
}

type Layer =
  | "app"
  | "components"
  | "relay"
  | "store"
  | "wire"
  | "contract"
  | "hub"
  /** The rest of lib: auth, limit, upstream, stream, config and what belongs to them. */
  | "steps"
  | "gateway"
  | "tests";

/** The first that fits counts. */
const LAYERS: readonly { readonly layer: Layer; readonly holds: RegExp }[] = [
  { layer: "app", holds: /^(app\/|(proxy|instrumentation(-client)?|next\.config)\.ts$)/u },
  { layer: "components", holds: /^components\//u },
  { layer: "relay", holds: /^lib\/relay(\/|\.ts$)/u },
  { layer: "store", holds: /^lib\/store(\/|\.ts$)/u },
  { layer: "wire", holds: /^lib\/wire\//u },
  { layer: "contract", holds: /^lib\/contract\.ts$/u },
  { layer: "hub", holds: /^lib\/(chat|errors|error-table)\.ts$/u },
  { layer: "steps", holds: /^lib\//u },
  { layer: "gateway", holds: /^gateway\//u },
  { layer: "tests", holds: /^(tests\/|bench\/|(vitest|playwright)\.config\.ts$)/u },
];

/** Which layers a layer may import; the tests may import all of them. */
const ALLOWED: Readonly<Record<Layer, readonly Layer[]>> = {
  app: ["app", "components", "relay", "steps", "hub", "contract"],
  components: ["components", "store", "contract"],
  relay: ["relay", "steps", "wire", "hub", "contract"],
  steps: ["steps", "wire", "hub", "contract"],
  store: ["store", "hub", "contract"],
  wire: ["wire", "hub", "contract"],
  hub: ["hub", "contract"],
  contract: [],
  gateway: ["gateway", "contract"],
  tests: LAYERS.map(({ layer }) => layer),
};

/** Layers that run at home, in the browser or nowhere in particular, and what packages they may use. */
const PACKAGES: Partial<Record<Layer, RegExp>> = {
  contract: /^$/u,
  gateway: /^(node:|zod$)/u,
  wire: /^(?!node:)/u,
  store: /^(?!node:)/u,
  components: /^(?!node:)/u,
};

/** What makes the same input give another output. */
const IMPURE =
  /\b(?:fetch\(|Date\.now|new Date\(\)|Math\.random|performance\.|setTimeout|setInterval|crypto\b|process\.)/u;

function layerOf(path: string): Layer {
  const row = LAYERS.find(({ holds }) => holds.test(path));
  if (row === undefined) {
    throw new Error(`${path} belongs to no layer of tests/architecture/rules.ts`);
  }
  return row.layer;
}

function importProblem(file: SourceFile, { specifier, typeOnly }: Import): string | undefined {
  const from = layerOf(file.path);
  if (!specifier.startsWith(".")) {
    const allowed = PACKAGES[from];
    return allowed === undefined || allowed.test(specifier)
      ? undefined
      : `${file.path}: ${from} may not import the package ${specifier}`;
  }
  if (/\.(css|json)$/u.test(specifier)) {
    return undefined;
  }
  const target = posix.join(posix.dirname(file.path), specifier);
  const to = layerOf(target);
  const typesFromLib = from === "components" && typeOnly && target.startsWith("lib/");
  return ALLOWED[from].includes(to) || typesFromLib
    ? undefined
    : `${file.path}: ${from} may not import ${to} (${specifier})`;
}

/** Where a source file breaks the plan of the house, a sentence each. */
export function problemsOf(file: SourceFile): string[] {
  const layer = layerOf(file.path);
  const code = withoutComments(file.text);
  const problems = importsOf(file.text).flatMap((each) => importProblem(file, each) ?? []);
  const impure = layer === "wire" ? IMPURE.exec(code) : null;
  if (impure !== null) {
    problems.push(`${file.path}: wire is pure, and ${impure[0]} is not`);
  }
  const isWebHalf = /^(app|lib|components)\//u.test(file.path);
  if (isWebHalf && file.path !== "lib/config.ts" && /\bprocess\s*\.\s*env\b/u.test(code)) {
    problems.push(`${file.path}: only lib/config.ts reads the environment`);
  }
  return problems;
}
