import type { NextRequest } from "next/server";
import { relayModels } from "../../../lib/relay/models.ts";
import { preflight, refuseMethod } from "../../../lib/respond.ts";

export const GET = (request: NextRequest) => relayModels(request);
export const OPTIONS = preflight("GET");
const refuse = refuseMethod("GET");
export { refuse as DELETE, refuse as PATCH, refuse as POST, refuse as PUT };
