import { describe, expect, it } from "vitest";
import { callerAddress, peerHeader } from "../../lib/address.ts";
import { configFor } from "./door-config.ts";

function addressOf(
  headers: Readonly<Record<string, string>>,
  { peer, trusted }: { readonly peer?: string; readonly trusted?: string },
): string {
  const config = configFor("http://127.0.0.1:9", trusted ? { TRUSTED_PROXY: trusted } : {});
  const all = peer === undefined ? headers : { ...headers, [peerHeader()]: peer };
  return callerAddress(new Headers(all), config);
}

const forged = { "x-forwarded-for": "198.51.100.7", "x-real-ip": "198.51.100.7" };

describe("the address of a caller", () => {
  it("is the other end of the connection, whatever the caller writes", () => {
    expect(addressOf(forged, { peer: "203.0.113.5" })).toBe("203.0.113.5");
    expect(addressOf({ ...forged, forwarded: "for=9.9.9.9" }, { peer: "::ffff:203.0.113.5" })).toBe(
      "203.0.113.5",
    );
  });

  it("is unknown, not what the caller writes, where nobody noted the connection", () => {
    expect(addressOf(forged, {})).toBe("unknown");
  });

  it("is what Vercel says, on Vercel", () => {
    expect(addressOf(forged, { trusted: "vercel" })).toBe("198.51.100.7");
  });

  it.each([
    ["the last that is no proxy's", "6.6.6.6, 198.51.100.7, 10.0.0.2", "198.51.100.7"],
    ["the proxy's own when it says nothing", "", "10.0.0.1"],
    ["the proxy's own when it says nonsense", "somebody", "unknown"],
    ["without a port", "198.51.100.7:4711", "198.51.100.7"],
  ])("behind a named proxy is %s", (_what, header, expected) => {
    const sent = { "x-forwarded-for": header };
    const trusted = "10.0.0.0/8,127.0.0.1";
    expect(addressOf(sent, { peer: "10.0.0.1", trusted })).toBe(expected);
  });

  it("is not what a proxy says that nobody named", () => {
    expect(addressOf(forged, { peer: "203.0.113.5", trusted: "10.0.0.1" })).toBe("203.0.113.5");
  });

  it.each([
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::1", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ])("is the network of an IPv6 address: %s", (peer, expected) => {
    expect(addressOf({}, { peer })).toBe(expected);
  });
});
