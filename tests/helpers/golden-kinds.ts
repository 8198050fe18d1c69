import { z } from "zod";
import { type Block, printCaddyfile, type Word } from "../../gateway/block.ts";
import { renderCaddy, renderCaddyKeys } from "../../gateway/render/caddy.ts";
import { type Block as NginxBlock, printNginx } from "../../gateway/render/nginx-block.ts";
import { renderNginx, renderNginxKeys } from "../../gateway/render/nginx.ts";
import { parseSpec } from "../../gateway/spec/spec.ts";

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

const nginxVariable = z.strictObject({ variable: z.string() });
const nginxFields = z.record(z.string(), z.string());
const nginxWord = z.union([
  z.string(),
  nginxVariable,
  z.strictObject({ pattern: z.string() }),
  z.strictObject({ json: z.strictObject({ texts: nginxFields, numbers: nginxFields }) }),
  z.array(z.union([z.string(), nginxVariable])),
]);

const nginxBlock: z.ZodType<NginxBlock> = z
  .strictObject({
    comment: z.string().optional(),
    keys: z.array(nginxWord),
    get children() {
      return z.array(nginxBlock).optional();
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
  modules: z.array(z.string()).optional(),
  spec: z.unknown(),
});

const callers = z.array(z.strictObject({ name: z.string(), key: z.string() }));

/** A folder of tests/golden/ and what turns its inputs (JSON) into its outputs. */
export const goldenKinds: Readonly<Record<string, (input: string) => string>> = {
  block: (input) => printCaddyfile(z.array(block).parse(JSON.parse(input))),
  spec: (input) => `${JSON.stringify(parseSpec(JSON.parse(input)), undefined, 2)}\n`,
  caddy: (input) => {
    const { spec, modules, ...traits } = door.parse(JSON.parse(input));
    return renderCaddy(parseSpec(spec), { ...traits, modules: new Set(modules) }).caddyfile;
  },
  "caddy-keys": (input) => renderCaddyKeys(callers.parse(JSON.parse(input))),
  "nginx-block": (input) => printNginx(z.array(nginxBlock).parse(JSON.parse(input))),
  nginx: (input) => renderNginx(parseSpec(JSON.parse(input))).config,
  "nginx-keys": (input) => renderNginxKeys(callers.parse(JSON.parse(input))),
};
