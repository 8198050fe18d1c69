import { z } from "zod";
import { type Block, printCaddyfile, type Word } from "../../gateway/block.ts";
import { renderCaddy, renderCaddyKeys } from "../../gateway/render/caddy.ts";
import { parseSpec } from "../../gateway/spec.ts";

const placeholder = z.strictObject({ placeholder: z.string() });
const word: z.ZodType<Word> = z.union([
  z.string(),
  placeholder,
  z.strictObject({ pattern: z.string() }),
  z.array(z.union([z.string(), placeholder])),
]);

const block: z.ZodType<Block> = z
  .strictObject({
    comment: z.string().optional(),
    keys: z.array(word),
    get children() {
      return z.array(block).optional();
    },
  })
  .transform(({ comment, keys, children }) => ({
    keys,
    ...(comment === undefined ? {} : { comment }),
    ...(children === undefined ? {} : { children }),
  }));

const door = z.strictObject({
  caddyVersion: z.string(),
  platform: z.enum(["linux", "darwin", "win32"]),
  spec: z.unknown(),
});

const callers = z.array(z.strictObject({ name: z.string(), key: z.string() }));

/** A folder of tests/golden/ and what turns its inputs (JSON) into its outputs. */
export const goldenKinds: Readonly<Record<string, (input: string) => string>> = {
  block: (input) => printCaddyfile(z.array(block).parse(JSON.parse(input))),
  spec: (input) => `${JSON.stringify(parseSpec(JSON.parse(input)), undefined, 2)}\n`,
  caddy: (input) => {
    const { spec, ...options } = door.parse(JSON.parse(input));
    return renderCaddy(parseSpec(spec), options).caddyfile;
  },
  "caddy-keys": (input) => renderCaddyKeys(callers.parse(JSON.parse(input))),
};
