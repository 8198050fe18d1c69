import type { NextRequest } from "next/server";
import { readJson } from "../body.ts";
import { requireTokens } from "../limits.ts";
import { chooseModel } from "../models.ts";
import { preflight, respond, type Context, type Later } from "../respond.ts";
import { applyBodyRules, estimatePromptTokens } from "../wire/body-rules.ts";
import type { Dialect } from "../wire/error-envelopes.ts";
import { SURFACES, type Surface } from "../wire/surfaces.ts";
import { answerList } from "./lists.ts";
import { methodsOf, requireMethod } from "./methods.ts";
import { answerWithDocument, answerWithBytes } from "./surface-reply.ts";
import type { Task } from "./task.ts";

/**
 * Ollama's, OpenAI's and Anthropic's own surfaces under our lock, limits, paths and models: the body is held to the
 * rules, the answer is relayed byte for byte.
 *
 * @param path as Ollama knows it, such as `/v1/chat/completions`
 */
export function relaySurface(request: NextRequest, path: string, later: Later): Promise<Response> {
  const surface = SURFACES.find((each) => each.path === path);
  return respond(
    request,
    async (context) => {
      if (surface !== undefined) {
        requireMethod(request.method, "POST");
        return relayRequest(context, surface, later);
      }
      return answerList(context, path);
    },
    dialectOf(path),
  );
}

/** Whose words a path is answered in, also where there is nothing. */
function dialectOf(path: string): Dialect {
  if (path === "/v1/messages") return "anthropic";
  return path.startsWith("/v1/") || path === "/v1" ? "openai" : "ollama";
}

/** OPTIONS of such a path: before a page elsewhere may ask it, its browser does. */
export function answerOptions(request: NextRequest, path: string): Promise<Response> {
  return preflight(methodsOf(path) ?? "", dialectOf(path))(request);
}

async function relayRequest(context: Context, surface: Surface, later: Later): Promise<Response> {
  const { request, config, exchange, caller } = context;
  const mostTokens = await requireTokens(config, caller);
  const sent = await readJson(request, config.maxBodyBytes);
  const {
    model: named,
    stream,
    fields,
  } = applyBodyRules(surface, sent, {
    mayKeep: caller.role !== "guest",
    mostTokens,
  });
  const model = await chooseModel(config, caller.role, named, exchange.signal);
  const task: Task = {
    context,
    later,
    path: surface.path,
    // Written anew from what was checked: Go's decoder reads doubled or oddly cased fields in its own way.
    body: JSON.stringify({ ...fields, model: named ?? model.name }),
    estimatePrompt: () => estimatePromptTokens(surface, fields),
  };
  if (surface.stream === undefined || !stream) return answerWithDocument(task, surface);
  return answerWithBytes(task, surface.stream.kind, named ?? model.name);
}
