import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findNginx, type Nginx, validateNginx } from "../../gateway/nginx.ts";
import { NGINX_FILES, renderNginx, renderNginxKeys } from "../../gateway/render/nginx.ts";
import { parseSpec } from "../../gateway/spec/spec.ts";
import { freePort } from "../helpers/free-port.ts";
import { parts } from "../helpers/parts.ts";

const KEY = randomBytes(32).toString("hex");

describe.skipIf(parts.nginx === undefined)("the files rendered for nginx", () => {
  let directory: string;
  let nginx: Nginx;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "latchkey-rendered-"));
    const found = await findNginx({ env: { NGINX_BIN: parts.nginx } });
    if (found === undefined) throw new Error("nginx is missing");
    nginx = found;
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const write = async (spec: object, keys: string): Promise<void> => {
    const port = await freePort();
    const { config } = renderNginx(parseSpec({ server: "nginx", listen: { port }, ...spec }));
    await writeFile(join(directory, NGINX_FILES.config), config);
    await writeFile(join(directory, NGINX_FILES.keys), keys);
  };
  const validate = (): Promise<void> => validateNginx(nginx, directory, process.env);

  it("are taken by the real nginx with everything set that can be set", async () => {
    const names = ["app", "default", "include", "hostnames", "volatile", `a${"-b".repeat(15)}c`];
    await write(
      {
        upstreams: ["http://127.0.0.1:11434", "http://[::1]:11435", "http://127.0.0.3"],
        callers: names.map((name) => ({ name })),
        cors: { origins: ["https://chat.example.com", "http://[::1]:3000"] },
        limits: { requestsPerMinute: 100_000, badKeysPerMinute: 1, bodyMegabytes: 1024 },
        tunnel: "tailscale",
      },
      renderNginxKeys(
        names.flatMap((name) =>
          Array.from({ length: 40 }, () => ({ name, key: randomBytes(64).toString("hex") })),
        ),
      ),
    );
    await expect(validate()).resolves.toBeUndefined();
    const files = await readdir(directory);
    const known = new Set<string>([...Object.values(NGINX_FILES), "nginx-temp", "nginx.lock"]);
    expect(files.filter((name) => !known.has(name))).toEqual([]);
  });

  it("are refused in nginx's words when spoilt, without the key in them", async () => {
    await write({}, `"~^${KEY}(" app;\n`);
    const message = await validate().catch((error: unknown) => String(error));
    expect(message).toMatch(/nginx [\d.]+ refuses the door's configuration.*pcre/s);
    expect(message).not.toContain(KEY.slice(0, 32));
  });
});
