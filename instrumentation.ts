/**
 * Notes on each request the address at the other end of its connection (lib/address.ts), and takes away what a
 * caller may have sent in its place. Next calls this once, before the first request.
 */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const [{ subscribe }, { notePeer }] = await Promise.all([
    import("node:diagnostics_channel"),
    import("./lib/peer.ts"),
  ]);
  subscribe("http.server.request.start", notePeer);
}
