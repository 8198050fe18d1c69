import type { NextRequest } from "next/server";
import { defaultModel, listLoaded, listModels } from "../models.ts";
import { respond } from "../respond.ts";

/** GET /api/models: what the caller may use, which of it is in memory, and which is used when none is named. */
export function relayModels(request: NextRequest): Promise<Response> {
  return respond(request, async ({ config, exchange, caller }) => {
    const [models, loaded] = await Promise.all([
      listModels(config, caller.role, exchange.signal),
      listLoaded(config, exchange.signal),
    ]);
    const listed = models.map(({ countsContext: _own, ...model }) => {
      const own = loaded.find(({ name }) => name === model.name);
      return {
        ...model,
        loaded: own !== undefined,
        // What it was loaded with, and so what fits: often less than the model can.
        loadedContextLength: own?.context_length ?? null,
        expiresAt: own?.expires_at ?? null,
      };
    });
    return Response.json({ models: listed, default: defaultModel(models, config) ?? null });
  });
}
