import type { NextRequest } from "next/server";
import { readConfig } from "../../../lib/config.ts";
import { checkLinks } from "../../../lib/health.ts";
import { preflight, refuseMethod, respond, respondOpenly } from "../../../lib/respond.ts";

export function GET(request: NextRequest): Promise<Response> {
  if (request.nextUrl.searchParams.get("deep") !== "1") {
    return respondOpenly(request, async () => {
      readConfig();
      return Response.json({ ok: true });
    });
  }
  return respond(request, async ({ config, exchange, caller }) => {
    const links = await checkLinks(config, caller.role, exchange.signal);
    return Response.json({ ok: links.every(({ ok }) => ok), links });
  });
}

export const OPTIONS = preflight("GET");
const refuse = refuseMethod("GET");
export { refuse as DELETE, refuse as PATCH, refuse as POST, refuse as PUT };
