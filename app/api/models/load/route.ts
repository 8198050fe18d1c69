import { after, type NextRequest } from "next/server";
import { relayModelMemory } from "../../../../lib/relay/model-memory.ts";
import { preflight, refuseMethod } from "../../../../lib/respond.ts";

export function POST(request: NextRequest): Promise<Response> {
  return relayModelMemory(request, "load", after);
}

export const OPTIONS = preflight("POST");
const refuse = refuseMethod("POST");
export { refuse as DELETE, refuse as GET, refuse as PATCH, refuse as PUT };
