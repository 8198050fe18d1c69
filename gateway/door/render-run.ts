/** `render`: the door's files to look at, to take elsewhere, or beside those that are there. */
import { join, resolve } from "node:path";
import { readSpecFile } from "../init/spec-file.ts";
import { type GatewaySpec, parseSpec } from "../spec/spec.ts";
import { stateFolder } from "../up/places.ts";
import { doorTexts, type Files, makeLogFiles, putTexts, readText, tryTexts } from "./door-files.ts";
import { keyLists, readDoorKeys } from "./key-store.ts";
import { printOf } from "./keys-words.ts";
import { lineDiff } from "./line-diff.ts";
import {
  findProgram,
  lookForProgram,
  notesOn,
  type Renderer,
  rendererOf,
  type ServerKind,
} from "./program.ts";

const KEY = /[A-Za-z0-9_-]{32,128}/g;

export interface RenderWish {
  readonly server: ServerKind;
  /** The folder of the files; undefined: standard output, or the state folder to compare with. */
  readonly out: string | undefined;
}

export interface RenderManner {
  readonly isCheck: boolean;
  readonly isJson: boolean;
  readonly isDryRun: boolean;
}

/** The description as if it were for that server: what only the other can do is refused. */
async function describe(home: string, server: ServerKind): Promise<GatewaySpec> {
  const found = await readSpecFile(home);
  if (found === undefined) {
    console.error("There is no latchkey.json yet: this is the door as it is by default.");
  }
  return parseSpec({ ...found, server });
}

/** Without keys: the text may be shown and kept anywhere. */
function printed(spec: GatewaySpec, renderer: Renderer): string {
  const { keys } = renderer.files;
  return [
    `# Beside it belongs ${keys} (mode 0600), with the keys: it is written by`,
    `# npm run latchkey -- render ${renderer.kind} --out DIR`,
    renderer.render(spec),
  ].join("\n");
}

/** Each key by what tells it from another. */
const withoutKeys = (text: string): string => text.replaceAll(KEY, printOf);

interface Compared {
  readonly file: string;
  readonly state: "same" | "differs" | "missing";
  /** What goes and what comes, keys by their prints. */
  readonly lines: readonly string[];
}

async function compare(directory: string, texts: Files): Promise<readonly Compared[]> {
  const compared: Compared[] = [];
  for (const [file, after] of texts) {
    const before = await readText(join(directory, file));
    const state = before === undefined ? "missing" : before === after ? "same" : "differs";
    const lines = before === undefined ? [] : lineDiff(withoutKeys(before), withoutKeys(after));
    compared.push({ file, state, lines });
  }
  return compared;
}

const STATE_WORDS = {
  same: "is as it would be written",
  differs: "would be written otherwise (- there, + anew):",
  missing: "is not there",
} as const;

/** @returns 1 where anything differs */
function sayCompared(directory: string, compared: readonly Compared[], isJson: boolean): number {
  const isSame = compared.every(({ state }) => state === "same");
  const words = compared.flatMap(({ file, state, lines }) => [
    `${file} ${STATE_WORDS[state]}`,
    ...lines.map((line) => `  ${line}`),
  ]);
  console.log(
    isJson ? JSON.stringify({ directory, ok: isSame, files: compared }) : words.join("\n"),
  );
  return isSame ? 0 : 1;
}

async function writeOut(
  directory: string,
  content: { readonly spec: GatewaySpec; readonly keys: ReadonlyMap<string, readonly string[]> },
  { isDryRun, isJson }: RenderManner,
): Promise<number> {
  const { spec } = content;
  const program = await findProgram(spec.server, process.env);
  const texts = doorTexts(content, program);
  await tryTexts(directory, texts, { program, env: process.env });
  const written = [...texts.keys()];
  if (!isDryRun) {
    await putTexts(directory, texts);
    await makeLogFiles(directory, program);
  }
  const verb = isDryRun ? "would be written" : "are written";
  const result = { directory, files: written, ...(isDryRun ? { dryRun: true } : {}) };
  const words = `${written.join(" and ")} ${verb} to ${directory}; ${spec.server} ${program.version} takes them.`;
  console.log(isJson ? JSON.stringify(result) : words);
  return 0;
}

/**
 * Renders the door.
 *
 * @returns the exit code: with `isCheck` 1 where what is there differs
 * @throws Error when the description, a key or the real server forbids it; nothing is replaced then
 */
export async function render({ server, out }: RenderWish, manner: RenderManner): Promise<number> {
  const home = stateFolder();
  const spec = await describe(home, server);
  const directory = out === undefined ? home : resolve(process.env["INIT_CWD"] ?? "", out);
  const program = await lookForProgram(server, process.env);
  for (const note of notesOn(spec, program)) console.error(note);
  const renderer = program ?? rendererOf(server);
  if (program === undefined) {
    console.error(`There is no ${server} here: this is what every version of it takes, untried.`);
  }
  if (out === undefined && !manner.isCheck) {
    const text = printed(spec, renderer);
    process.stdout.write(manner.isJson ? `${JSON.stringify({ config: text })}\n` : text);
    return 0;
  }
  const content = { spec, keys: keyLists(await readDoorKeys(home)) };
  if (!manner.isCheck) return writeOut(directory, content, manner);
  return sayCompared(
    directory,
    await compare(directory, doorTexts(content, renderer)),
    manner.isJson,
  );
}
