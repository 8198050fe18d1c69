import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { checkServerIdentity, TLSSocket } from "node:tls";

export interface TlsAsk {
  /** The only root trusted; PEM. */
  readonly ca: string;
  /** Where the connection goes, 127.0.0.1 when left out. */
  readonly host?: string;
  /** The name asked for in the handshake; none when left out, as with an address. */
  readonly servername?: string;
  /** Whom the certificate must be for: what a client that goes to that host checks. `any` checks nothing. */
  readonly identity: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TlsAnswer {
  readonly status: number;
  readonly body: string;
  /** Whom the certificate is for, such as `IP Address:127.0.0.1`. */
  readonly subject: string;
}

/**
 * One request over a connection of its own.
 *
 * @throws Node's error when the handshake fails
 */
export async function askTls(port: number, ask: TlsAsk): Promise<TlsAnswer> {
  const { ca, host = "127.0.0.1", servername = "", identity, path = "/health", headers = {} } = ask;
  const outgoing = request({
    host,
    port,
    path,
    headers,
    ca,
    servername,
    agent: false,
    checkServerIdentity: (_, certificate) =>
      identity === "any" ? undefined : checkServerIdentity(identity, certificate),
  });
  outgoing.end();
  const [incoming]: unknown[] = await once(outgoing, "response");
  if (!isIncoming(incoming)) throw new Error("no answer came");
  const subject =
    incoming.socket instanceof TLSSocket
      ? (incoming.socket.getPeerCertificate().subjectaltname ?? "")
      : "";
  return { status: incoming.statusCode ?? 0, body: await text(incoming), subject };
}

function isIncoming(value: unknown): value is IncomingMessage {
  return typeof value === "object" && value !== null && "statusCode" in value;
}
