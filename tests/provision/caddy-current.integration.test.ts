import { describe, expect, it } from "vitest";
import { parts } from "../helpers/parts.ts";
import { runCommand } from "./run-command.ts";

describe.skipIf(parts.caddyCurrent === undefined)("the tests' current Caddy", () => {
  it("is the version that was asked for", async () => {
    const { output } = await runCommand([parts.caddyCurrent ?? "", "version"]);
    expect(output).toMatch(/^v2\.11\.9\b/u);
  });

  it("can limit rates, which a distribution's cannot", async () => {
    const { output } = await runCommand([parts.caddyCurrent ?? "", "list-modules"]);
    expect(output.split("\n")).toContain("http.handlers.rate_limit");
  });
});
