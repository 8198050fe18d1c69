import { networkInterfaces, type NetworkInterfaceInfo } from "node:os";

type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** Networks inside a house (RFC 1918). */
const PRIVATE = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/u;

/** Bridges of containers and virtual machines, and tunnels: no router sends anything there. */
const VIRTUAL = /^(?:docker|br-|veth|virbr|vmnet|vEthernet|tailscale|utun|tun|wg|zt)/iu;

/** This computer's address in the network of the house; undefined where it cannot be told. */
export function lanAddress(interfaces: Interfaces = networkInterfaces()): string | undefined {
  const addresses = Object.entries(interfaces)
    .filter(([name]) => !VIRTUAL.test(name))
    .flatMap(([, infos]) => infos ?? [])
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address }) => address);
  return addresses.find((address) => PRIVATE.test(address)) ?? addresses[0];
}

/** Of one provider's many customers behind one public address (RFC 6598), or of a house: nobody gets there from outside. */
export function isShared(address: string): boolean {
  return PRIVATE.test(address) || /^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./u.test(address);
}
