import type { CDPSession } from "playwright";

interface Script {
  /** When it was asked for: milliseconds since 1970. */
  readonly at: number;
  isScript: boolean;
  bytes: number;
}

export interface ScriptMeter {
  /** KiB on the wire, headers included, of the scripts that were asked for until then and have come. */
  kibUntil(at: number): number;
}

/** Counts the scripts that a page gets from now on, prefetched ones as well. */
export async function meterScripts(devtools: CDPSession): Promise<ScriptMeter> {
  const requests = new Map<string, Script>();
  devtools.on("Network.requestWillBeSent", ({ requestId, wallTime, type }) => {
    requests.set(requestId, { at: wallTime * 1000, isScript: type === "Script", bytes: 0 });
  });
  devtools.on("Network.responseReceived", ({ requestId, response }) => {
    const request = requests.get(requestId);
    // A prefetched script has a type of its own.
    if (request !== undefined) request.isScript ||= /javascript/u.test(response.mimeType);
  });
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const request = requests.get(requestId);
    if (request !== undefined) request.bytes = encodedDataLength;
  });
  await devtools.send("Network.enable");
  return {
    kibUntil: (until) => {
      const scripts = [...requests.values()].filter(({ at, isScript }) => isScript && at <= until);
      return scripts.reduce((sum, { bytes }) => sum + bytes, 0) / 1024;
    },
  };
}
