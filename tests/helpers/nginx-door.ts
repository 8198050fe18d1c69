import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  findNginx,
  type Nginx,
  nginxArguments,
  nginxEnvironment,
  validateNginx,
} from "../../gateway/nginx.ts";
import { NGINX_FILES, renderNginx, renderNginxKeys } from "../../gateway/render/nginx.ts";
import { parseSpec } from "../../gateway/spec/spec.ts";
import { type Child, startChild } from "./child.ts";
import { freePort } from "./free-port.ts";
import { parts } from "./parts.ts";
import { waitUntil } from "./wait-until.ts";

export interface NginxDoorOptions {
  /** One Ollama, or several. */
  readonly ollamaUrl: string | readonly string[];
  readonly key: string;
  readonly clientName?: string;
  /** More of the description, such as `limits`. */
  readonly spec?: Readonly<Record<string, unknown>>;
  /** Further keys, each with the caller it names. */
  readonly moreKeys?: readonly { readonly name: string; readonly key: string }[];
  /** Changes the rendered configuration, such as to leave a line out. */
  readonly mutate?: (config: string) => string;
}

export interface NginxDoor {
  readonly url: string;
  readonly port: number;
  /** Its run directory. */
  readonly directory: string;
  readonly nginx: Nginx;
  /** Everything it wrote: log files, rotated ones too, and its output. */
  logs(): Promise<string>;
  close(): Promise<void>;
}

async function isOpen(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`)).ok;
  } catch {
    return false;
  }
}

async function renderInto(
  directory: string,
  { ollamaUrl, key, clientName = "app", spec, moreKeys = [], mutate }: NginxDoorOptions,
  port: number,
): Promise<void> {
  const { config } = renderNginx(
    parseSpec({
      server: "nginx",
      listen: { port },
      upstreams: typeof ollamaUrl === "string" ? [ollamaUrl] : ollamaUrl,
      callers: [{ name: clientName }],
      ...spec,
    }),
  );
  const mutated = mutate?.(config) ?? config;
  if (mutate !== undefined && mutated === config)
    throw new Error("The mutation changed nothing: the line it looks for is not there.");
  const files = {
    [NGINX_FILES.config]: mutated,
    [NGINX_FILES.keys]: renderNginxKeys([{ name: clientName, key }, ...moreKeys]),
    [NGINX_FILES.accessLog]: "",
    [NGINX_FILES.doorLog]: "",
  };
  await mkdir(directory, { mode: 0o700 });
  for (const [name, text] of Object.entries(files))
    await writeFile(join(directory, name), text, { mode: 0o600 });
}

async function readLogs(directory: string, child: Child): Promise<string> {
  const files = (await readdir(directory)).filter((file) => file.includes(".log"));
  const texts = await Promise.all(files.map((file) => readFile(join(directory, file), "utf8")));
  return [...texts, child.log()].join("\n");
}

/** The real door before an engine: our renderer, our keys, a real nginx on a port of its own. */
export async function startNginxDoor(options: NginxDoorOptions): Promise<NginxDoor> {
  const nginx = await findNginx({ env: { NGINX_BIN: parts.nginx } });
  if (nginx === undefined) throw new Error("nginx is missing: run npm test, which brings it in.");
  const port = await freePort();
  const directory = join(tmpdir(), `latchkey-nginx-${port}`);
  await renderInto(directory, options, port);
  await validateNginx(nginx, directory, process.env);
  const url = `http://127.0.0.1:${port}`;
  const child = await startChild([nginx.path, ...nginxArguments(directory)], {
    cwd: directory,
    env: nginxEnvironment(process.env),
  });
  const close = async (): Promise<void> => {
    await child.close();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await waitUntil("the door to open", async () => {
      if (child.ended()) throw new Error(`nginx ended: ${child.log()}`);
      return await isOpen(url);
    });
  } catch (error) {
    await close();
    throw error;
  }
  return { url, port, directory, nginx, logs: () => readLogs(directory, child), close };
}
