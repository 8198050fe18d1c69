import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { publicEnvironment } from "../../../gateway/bootstrap/environment.mjs";
import { appEnvironment } from "../../../gateway/up/environment.ts";
import { ROOT } from "../../helpers/copy-tree.ts";

const SETTINGS = {
  doorUrl: "http://127.0.0.1:11435",
  doorKey: "the-door-key",
  sessionSecret: "the-session-secret",
  accessKeyHash: "abc",
};

describe("the app's environment", () => {
  it("leads to the door that up made, whatever the person's own says", () => {
    const environment = appEnvironment(
      {
        OLLAMA_BASE_URL: "https://elsewhere.example",
        OLLAMA_API_KEY: "from-ollama-com",
        OLLAMA_CA: "-----BEGIN",
        SESSION_SECRET: "old",
      },
      SETTINGS,
    );
    expect(environment).toMatchObject({
      OLLAMA_BASE_URL: "http://127.0.0.1:11435",
      OLLAMA_API_KEY: "the-door-key",
      OLLAMA_CA: "",
      SESSION_SECRET: "the-session-secret",
      ACCESS_KEYS: "owner:owner:abc",
    });
  });

  it("adds access keys that are already named", () => {
    const { ACCESS_KEYS } = appEnvironment({ ACCESS_KEYS: " ann:guest:def " }, SETTINGS);
    expect(ACCESS_KEYS).toBe("owner:owner:abc,ann:guest:def");
  });

  it("hands everything else on", () => {
    const own = { MAX_ACTIVE: "4", ALLOWED_MODELS_GUEST: "a", PATH: "/bin", NODE_ENV: "test" };
    const { NODE_ENV: _, ...kept } = own;
    expect(appEnvironment(own, SETTINGS)).toMatchObject(kept);
    expect(appEnvironment(own, SETTINGS)).not.toHaveProperty("NODE_ENV");
  });
});

/** Every variable the app reads, by the contract, and what Vercel writes beside them. */
const NAMES = [
  "OLLAMA_BASE_URL OLLAMA_API_KEY OLLAMA_CA OLLAMA_MODEL ACCESS_KEYS SESSION_SECRET PUBLIC_ACCESS",
  "ALLOWED_ORIGINS KV_REST_API_URL KV_REST_API_TOKEN UPSTASH_REDIS_REST_URL",
  "UPSTASH_REDIS_REST_TOKEN MAX_BODY_BYTES MAX_ACTIVE MAX_WAITING MAX_WAIT_SECONDS",
  "FIRST_TOKEN_SECONDS IDLE_SECONDS TOTAL_SECONDS TRUSTED_PROXY VERCEL VERCEL_ENV",
  "REQUESTS_PER_MINUTE REQUESTS_PER_MINUTE_OWNER REQUESTS_PER_MINUTE_MEMBER",
  "REQUESTS_PER_MINUTE_GUEST TOKENS_PER_DAY TOKENS_PER_DAY_OWNER TOKENS_PER_DAY_MEMBER",
  "TOKENS_PER_DAY_GUEST ALLOWED_MODELS ALLOWED_MODELS_OWNER ALLOWED_MODELS_MEMBER",
  "ALLOWED_MODELS_GUEST",
].flatMap((line) => line.split(" "));

/** Lets Next read the .env files of its folder, as it does when it starts, and prints what is set. */
const ASK_NEXT = `
  require(process.argv[1]).loadEnvConfig(process.cwd(), false, { info() {}, error() {} });
  console.log(JSON.stringify(process.env));
`;

describe("an .env.local that was pulled from a deployment", () => {
  it.each([".env", ".env.local", ".env.production"])("in %s changes nothing", async (file) => {
    await using cleanup = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), "latchkey-environment-"));
    cleanup.defer(() => rm(folder, { recursive: true, force: true }));
    const lines = [...NAMES, "OF_NEXT"].map((name) => `${name}="pulled"`);
    await writeFile(join(folder, file), lines.join("\n"));
    const said = execFileSync(
      process.execPath,
      ["-e", ASK_NEXT, join(ROOT, "node_modules/@next/env")],
      {
        cwd: folder,
        env: { ...appEnvironment({ MAX_ACTIVE: "4" }, SETTINGS), NODE_ENV: "production" },
        encoding: "utf8",
      },
    );
    const seen = z.record(z.string(), z.string()).parse(JSON.parse(said));
    // That the file is read at all.
    expect(seen["OF_NEXT"]).toBe("pulled");
    expect(NAMES.filter((name) => seen[name] === "pulled")).toStrictEqual([]);
    expect(seen["MAX_ACTIVE"]).toBe("4");
  });
});

describe("the environment of what needs no secret", () => {
  const needed = { PATH: "/bin", Path: "/bin", HOME: "/h", LC_ALL: "C", SystemRoot: "C:" };
  const download = {
    https_proxy: "http://name:password@proxy.invalid",
    NODE_EXTRA_CA_CERTS: "/ca.pem",
    npm_config_registry: "https://registry.invalid",
  };
  const secret = {
    OLLAMA_API_KEY: "a",
    SESSION_SECRET: "b",
    ACCESS_KEYS: "c",
    KV_URL: "rediss://default:d@kv.invalid",
    KV_REST_API_READ_ONLY_TOKEN: "e",
    AWS_SECRET_ACCESS_KEY: "f",
    NODE_OPTIONS: "--require /tmp/x",
  };
  const all = { ...needed, ...download, ...secret, EMPTY: undefined };

  it("holds what programs need to run, and nothing else", () => {
    expect(publicEnvironment(all)).toStrictEqual(needed);
  });

  it("holds proxies and certificates where something is downloaded", () => {
    expect(publicEnvironment(all, { isDownloader: true })).toStrictEqual({
      ...needed,
      ...download,
    });
  });
});
