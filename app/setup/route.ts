import { readConfigProblems } from "../../lib/config.ts";
import { REQUEST_ID_HEADER } from "../../lib/contract.ts";
import { setupPage } from "../../lib/setup-page.ts";

/** What every page shows while the app is not set up: 503, with the variables by name and never a value. */
export function GET(): Response {
  return new Response(setupPage(readConfigProblems()), {
    status: 503,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "retry-after": "60",
      [REQUEST_ID_HEADER]: crypto.randomUUID(),
    },
  });
}

export const dynamic = "force-dynamic";
