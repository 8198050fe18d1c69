/** What no field is wrong by itself, but two together are: each with its reason and its fix. */
import { hostOf, isLoopback, isWildcard, portOf } from "./addresses.ts";
import type { GatewaySpec } from "./spec.ts";

export interface Mistake {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Whether others than this computer can reach the door's own listener. */
function isPublic({ listen }: GatewaySpec): boolean {
  return !isLoopback(listen.address);
}

/** A certificate of the door's own that says neither a name nor an address anybody outside could go to. */
function isForNobody({ tls, listen, name, publicAddress }: GatewaySpec): boolean {
  return (
    tls === "internal" && isWildcard(listen.address) && name === null && publicAddress === null
  );
}

function aboutTls(spec: GatewaySpec): Mistake[] {
  const found: Mistake[] = [];
  const wrong = (message: string): void => void found.push({ path: ["tls"], message });
  if (isPublic(spec) && spec.tls === "off" && !spec.insecure) {
    wrong(
      'beyond this computer plain HTTP shows the key to everyone on the way: set "automatic" with a name or "internal", or listen on 127.0.0.1 behind a tunnel, or write "insecure": true in so many words',
    );
  }
  if (spec.tls === "automatic" && spec.name === null) {
    wrong('a certificate is given for a name only: set "name", or take "internal"');
  }
  if (spec.tls === "automatic" && !isPublic(spec)) {
    wrong(
      "whoever gives a certificate has to reach the door, which only this computer can: listen on 0.0.0.0",
    );
  }
  if (isForNobody(spec)) {
    wrong(
      'the certificate has to say where the app goes: set "publicAddress" to the address your router has outside, or "name"',
    );
  }
  if (spec.tls !== "off" && spec.server === "nginx") {
    wrong('nginx makes no certificate by itself: take "server": "caddy"');
  }
  return found;
}

function aboutTunnel(spec: GatewaySpec): Mistake[] {
  const { tunnel, tls } = spec;
  if (tunnel === "none") return [];
  const found: Mistake[] = [];
  if (isPublic(spec)) {
    found.push({
      path: ["listen", "address"],
      message: "behind a tunnel nobody else needs to reach the door: listen on 127.0.0.1",
    });
  }
  if (tls !== "off") {
    found.push({ path: ["tls"], message: 'the tunnel brings its own certificate: set "off"' });
  }
  return found;
}

function aboutUpstreams({ upstreams, lanHosts, listen }: GatewaySpec): Mistake[] {
  return upstreams.flatMap((upstream, index): Mistake[] => {
    const path = ["upstreams", index];
    const host = hostOf(upstream);
    if (isLoopback(host)) {
      if (portOf(upstream) !== listen.port) return [];
      return [{ path, message: "is the door's own port: the door would ask itself" }];
    }
    if (lanHosts.includes(host)) return [];
    return [
      {
        path,
        message: `is on another computer, where what is asked goes in clear: name it in "lanHosts" if that is your own network, such as ["${host}"]`,
      },
    ];
  });
}

/** All of them, in the order of the file. */
export function mistakes(spec: GatewaySpec): Mistake[] {
  return [...aboutTls(spec), ...aboutTunnel(spec), ...aboutUpstreams(spec)];
}

/** What is allowed and dangerous all the same: told each time the door is rendered or started. */
export function warnings(spec: GatewaySpec): string[] {
  if (!spec.insecure || !isPublic(spec) || spec.tls !== "off") return [];
  return [
    'The door speaks plain HTTP beyond this computer ("insecure": true): everyone on the way can read the key. Use a tunnel or TLS.',
  ];
}
