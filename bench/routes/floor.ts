/**
 * The floor, written into the copy that is measured as app/api/bench/floor/[...path]/route.ts: pipes the
 * upstream's bytes and does nothing else. Below /api, because proxy.ts is kept from there.
 */
export async function POST(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname.replace("/api/bench/floor", "");
  const upstream = await fetch(`${process.env["OLLAMA_BASE_URL"]}${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-api-key": process.env["OLLAMA_API_KEY"] ?? "",
    },
    body: await request.text(),
    signal: request.signal,
  });
  return new Response(upstream.body, {
    status: upstream.status,
    headers: {
      "content-type": upstream.headers.get("content-type") ?? "application/octet-stream",
      "cache-control": "no-cache, no-transform",
    },
  });
}
