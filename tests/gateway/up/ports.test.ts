import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { anyPort, choosePort } from "../../../gateway/up/ports.ts";
import { Problem } from "../../../gateway/up/problem.ts";

const servers = new Set<Server>();

/** Listens on a port that was free a moment ago. */
async function take(port: number, host = "127.0.0.1"): Promise<void> {
  const server = createServer();
  servers.add(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
}

afterEach(async () => {
  await Promise.all([...servers].map((server) => new Promise((end) => server.close(end))));
  servers.clear();
});

const wish = { named: undefined, host: "127.0.0.1", option: "--port" };

describe("choosing a port", () => {
  it("takes the usual one when it is free", async () => {
    const from = await anyPort();
    expect(await choosePort({ ...wish, from })).toStrictEqual({ port: from });
  });

  it("goes on to the next free one, and names who holds the usual one", async () => {
    const from = await anyPort();
    await take(from);
    const { port, note } = await choosePort({ ...wish, from });
    expect(port).toBeGreaterThan(from);
    expect(note).toMatch(new RegExp(`^${from} is taken by .+ \\(process ${process.pid}\\)$`));
  });

  it("sees a port that somebody holds on every address", async () => {
    const from = await anyPort();
    await take(from, "0.0.0.0");
    expect((await choosePort({ ...wish, from })).port).not.toBe(from);
  });

  it("refuses a port asked for by name when it is taken, naming the process", async () => {
    const named = await anyPort();
    await take(named);
    const refusal = choosePort({ ...wish, from: 3000, named });
    await expect(refusal).rejects.toBeInstanceOf(Problem);
    await expect(refusal).rejects.toMatchObject({
      message: expect.stringMatching(
        new RegExp(`^Port ${named} is taken by .+ \\(process ${process.pid}\\)\\.$`),
      ),
      fix: "End it, or choose another --port.",
    });
  });
});
