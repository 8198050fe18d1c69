/** The memory of the process that serves, after a collection where the collector is exposed. */
export function GET(): Response {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return Response.json({ heapUsed, external });
}

/** Never prerendered: each call is one look. */
export const dynamic = "force-dynamic";
