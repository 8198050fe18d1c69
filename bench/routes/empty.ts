/** A route that imports nothing: what Next itself costs before anything of ours is read. */
export function GET(): Response {
  return new Response(null, { status: 204 });
}

export const dynamic = "force-dynamic";
