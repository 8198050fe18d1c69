import type { NextRequest } from "next/server";
import { findRequest } from "../../../../lib/requests.ts";
import { preflight, refuseMethod, respond } from "../../../../lib/respond.ts";

interface Route {
  readonly params: Promise<{ readonly id: string }>;
}

export function GET(request: NextRequest, { params }: Route): Promise<Response> {
  return respond(request, async ({ caller }) => {
    const { id } = await params;
    return Response.json(findRequest(caller.id, id));
  });
}

export const OPTIONS = preflight("GET");
const refuse = refuseMethod("GET");
export { refuse as DELETE, refuse as PATCH, refuse as POST, refuse as PUT };
