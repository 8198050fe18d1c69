import type { NextRequest } from "next/server";
import { z } from "zod";
import { readJson } from "../body.ts";
import { RelayError } from "../errors.ts";
import { chooseModel } from "../models.ts";
import { respond, type Later } from "../respond.ts";
import { BodyReader } from "./body-reader.ts";
import { perform } from "./task.ts";

const BODY_CAP_BYTES = 4_096;
const bodySchema = z.object({ model: z.string().min(1).max(200) });

/**
 * POST /api/models/load and /unload: an empty chat loads a model, and with keep_alive 0 lets go of it (WIRE.md).
 * It waits in line like everybody's requests: a load takes the machine as they do. Owners and members, 204.
 */
export function relayModelMemory(
  request: NextRequest,
  action: "load" | "unload",
  later: Later,
): Promise<Response> {
  return respond(request, async (context) => {
    const { config, exchange, caller } = context;
    if (caller.role === "guest") throw new RelayError("forbidden");
    const asked = bodySchema.safeParse(await readJson(request, BODY_CAP_BYTES));
    if (!asked.success)
      throw new RelayError("bad_request", { message: "model: a name is wanted." });
    const model = await chooseModel(config, caller.role, asked.data.model, exchange.signal);
    if (!model.capabilities.includes("completion")) {
      throw new RelayError("unsupported_capability", {
        message: "Only models that chat are loaded so.",
      });
    }
    const keepAlive = action === "unload" ? { keep_alive: 0 } : {};
    const task = {
      context,
      later,
      path: "/api/chat",
      body: JSON.stringify({ model: model.name, messages: [], stream: false, ...keepAlive }),
      estimatePrompt: () => 0,
    };
    await perform(task, new BodyReader(), { frameLogs: () => true });
    return new Response(null, { status: 204 });
  });
}
