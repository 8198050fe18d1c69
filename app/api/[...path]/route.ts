import type { NextRequest } from "next/server";
import { RelayError } from "../../../lib/errors.ts";
import { respond } from "../../../lib/respond.ts";

/** Everything else below /api: told as JSON with a request id, to those who may ask. */
function refuse(request: NextRequest): Promise<Response> {
  return respond(request, () => Promise.reject(new RelayError("not_found")));
}

export {
  refuse as DELETE,
  refuse as GET,
  refuse as OPTIONS,
  refuse as PATCH,
  refuse as POST,
  refuse as PUT,
};
