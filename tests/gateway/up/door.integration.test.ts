import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findCaddy } from "../../../gateway/caddy.ts";
import { readOrMakeSecret } from "../../../gateway/keys.ts";
import { startDoor } from "../../../gateway/up/door.ts";
import { createHousehold, type Household } from "../../../gateway/up/household.ts";
import { claim } from "../../../gateway/up/ledger.ts";
import { createProgress } from "../../../gateway/up/progress.ts";
import { type Echo, startEcho } from "../../helpers/echo.ts";
import { ROOT } from "../../helpers/copy-tree.ts";
import { freePort } from "../../helpers/free-port.ts";
import { parts } from "../../helpers/parts.ts";

const canBeTold = process.platform === "linux" && parts.caddy !== undefined;

describe.skipIf(!canBeTold)("two that start at the same moment", () => {
  const homes: string[] = [];
  const households: Household[] = [];
  let echo: Echo;

  beforeEach(async () => {
    echo = await startEcho();
  });
  afterEach(async () => {
    await Promise.all(households.splice(0).map((household) => household.close()));
    await echo.close();
    for (const home of homes.splice(0)) await rm(home, { recursive: true, force: true });
  });

  /** The door of an up with a state folder of its own. */
  async function open(named?: number): Promise<string> {
    const home = await mkdtemp(join(tmpdir(), "latchkey-two-"));
    homes.push(home);
    const claimed = await claim(home);
    const caddy = await findCaddy({ env: { CADDY_BIN: parts.caddy } });
    if (!("own" in claimed) || caddy === undefined) throw new Error("No folder, or no Caddy");
    const household = createHousehold(home, claimed.own);
    households.push(household);
    const { signal } = new AbortController();
    const place = {
      root: ROOT,
      home,
      env: process.env,
      household,
      progress: createProgress(new PassThrough().resume(), { isStyled: false, signal }),
      person: { agrees: () => Promise.resolve(undefined) },
      signal,
      watching: { say: () => undefined, onBack: () => undefined },
    };
    const key = await readOrMakeSecret(home, "door-key");
    return startDoor(place, caddy, { named, engineUrl: echo.url, key });
  }

  it("end with a port each, and each door knows its own key", async () => {
    const [first, second] = await Promise.all([open(), open()]);
    expect(first).not.toBe(second);
  });

  it("tell who else is there when the port was asked for by name, and none stays shared", async () => {
    const port = await freePort();
    const ends = await Promise.allSettled([open(port), open(port)]);
    const refused = ends.flatMap((end) => (end.status === "rejected" ? [String(end.reason)] : []));
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.join("\n")).toMatch(
      new RegExp(`Port ${port} is (?:used|taken) by .+ \\(process \\d+\\)`),
    );
  });
});
