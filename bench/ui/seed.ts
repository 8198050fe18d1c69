import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { ROOT } from "../../tests/helpers/copy-tree.ts";
import type { OpenPage } from "./open-page.ts";
import type { ChatRecord } from "./text/chats.ts";

const FOLDER = join(ROOT, "lib/store");
/** The one function of the store that is needed: it opens it. */
const OPENER = "openChatStore";
/** Chats that are handed to the page in one go. */
const BATCH = 100;

/** The file of the store that opens it. */
async function openerFile(): Promise<string | undefined> {
  for (const name of await readdir(FOLDER)) {
    if (!name.endsWith(".ts")) continue;
    const text = await readFile(join(FOLDER, name), "utf8");
    if (new RegExp(`export (?:async )?(?:function|const) ${OPENER}\\b`, "u").test(text))
      return name;
  }
  return undefined;
}

/** A script that puts the app's own store into a page as `latchkeyStore`; undefined: there is none yet. */
export async function bundleStore(): Promise<string | undefined> {
  const file = await openerFile();
  if (file === undefined) return undefined;
  const { outputFiles } = await build({
    stdin: {
      contents: `import { ${OPENER} } from "./${file}"; globalThis.latchkeyStore = ${OPENER};`,
      resolveDir: FOLDER,
      loader: "ts",
    },
    bundle: true,
    write: false,
    format: "iife",
    target: "chrome120",
  });
  return outputFiles[0]?.text;
}

/**
 * Writes chats into the browser's storage through the app's own store, in a document of the app's origin in
 * which the app does not run. The page is left there.
 */
export async function seedChats(
  { page, devtools }: OpenPage,
  place: { readonly start: string; readonly store: string },
  records: readonly ChatRecord[],
): Promise<void> {
  await page.goto(new URL("/icon.svg", place.start).href);
  // Not as an element of the page: its policy for scripts does not hold here.
  await devtools.send("Runtime.evaluate", { expression: place.store });
  for (let first = 0; first < records.length; first += BATCH) {
    await page.evaluate(
      async (some) => {
        const store = await Reflect.get(globalThis, "latchkeyStore")();
        await Promise.all(some.map(({ chat, messages }) => store.save(chat, messages)));
        await store.close();
      },
      records.slice(first, first + BATCH),
    );
  }
}
