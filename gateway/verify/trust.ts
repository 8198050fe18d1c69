/** Whether a door's certificate is to be trusted, seen before anything secret is sent. */
import { once } from "node:events";
import { isIP } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { isLoopback } from "../spec/addresses.ts";

export interface TlsState {
  readonly isTrusted: boolean;
  /** Protocol and end of the certificate, or why it is not trusted. */
  readonly seen: string;
}

const PATIENCE_MS = 3_000;

/** The host of a URL as a socket wants it. */
export const hostnameOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/u, "$1");

/** The port of a URL. */
export const portNumber = ({ port, protocol }: URL): number =>
  port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);

/** Whether a URL can only mean this computer (RFC 6761 for the names). */
export function isThisComputer(url: URL): boolean {
  const host = hostnameOf(url).toLowerCase();
  return isLoopback(host) || host.endsWith(".localhost");
}

function describe(socket: TLSSocket): TlsState {
  const { valid_to: end } = socket.getPeerCertificate();
  const until = new Date(end).toISOString().slice(0, 10);
  if (socket.authorized)
    return { isTrusted: true, seen: `${socket.getProtocol()}, certificate good until ${until}` };
  // Node says a code here, though its types say an error.
  return { isTrusted: false, seen: String(socket.authorizationError) };
}

/**
 * Shakes hands and looks at the certificate. Nothing is sent.
 *
 * @param authority PEM of the only root to trust; undefined: the system's
 */
export async function shakeHands(url: URL, authority: string | undefined): Promise<TlsState> {
  const host = hostnameOf(url);
  const socket = connect({
    host,
    port: portNumber(url),
    rejectUnauthorized: false,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(authority === undefined ? {} : { ca: authority }),
  });
  try {
    await once(socket, "secureConnect", { signal: AbortSignal.timeout(PATIENCE_MS) });
    return describe(socket);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return { isTrusted: false, seen: `no TLS: ${reason}` };
  } finally {
    socket.on("error", () => undefined);
    socket.destroy();
  }
}
