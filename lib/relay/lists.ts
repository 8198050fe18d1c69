import { z } from "zod";
import { readJson } from "../body.ts";
import type { Model } from "../catalogue.ts";
import { RelayError } from "../errors.ts";
import { listModels } from "../models.ts";
import type { Context } from "../respond.ts";
import { callDoorForJson } from "../upstream.ts";
import {
  openaiListing,
  openaiModelListing,
  psListing,
  showListing,
  tagsListing,
  versionListing,
} from "../wire/listings.ts";
import { withTag } from "../wire/ollama-models.ts";
import { requireMethod } from "./methods.ts";

const MODEL_PATH = "/v1/models/";
const SHOW_BODY_CAP_BYTES = 65_536;

type List = (context: Context, allowed: ReadonlySet<string>) => Promise<Response>;

const isAllowed =
  (allowed: ReadonlySet<string>) =>
  ({ name, id }: { readonly name?: string; readonly id?: string }): boolean =>
    allowed.has(withTag(name ?? id ?? ""));

async function ask<Schema extends z.ZodType>(
  { config, exchange }: Context,
  path: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const { signal } = exchange;
  const answer = schema.safeParse(await callDoorForJson(config, { method: "GET", path, signal }));
  if (!answer.success) throw new RelayError("door_not_ours", { cause: answer.error });
  return answer.data;
}

const LISTS: Readonly<Record<string, List>> = {
  "/api/tags": async (context, allowed) => {
    const { models } = await ask(context, "/api/tags", tagsListing);
    return Response.json({ models: models.filter(isAllowed(allowed)) });
  },
  "/api/ps": async (context, allowed) => {
    const { models } = await ask(context, "/api/ps", psListing);
    return Response.json({ models: models.filter(isAllowed(allowed)) });
  },
  "/v1/models": async (context, allowed) => {
    const { data } = await ask(context, "/v1/models", openaiListing);
    return Response.json({ object: "list", data: data.filter(isAllowed(allowed)) });
  },
  "/api/version": async (context) =>
    Response.json(await ask(context, "/api/version", versionListing)),
  // What Ollama says of itself; its clients ask for it first.
  "/": async () => new Response("Ollama is running"),
};

/** The routes that ask no model anything: lists, cut down to what the caller may use, and descriptions. */
export async function answerList(context: Context, path: string): Promise<Response> {
  const { request, config, exchange, caller } = context;
  const list = Object.hasOwn(LISTS, path) ? LISTS[path] : undefined;
  const isShow = path === "/api/show";
  const id = path.startsWith(MODEL_PATH) ? path.slice(MODEL_PATH.length) : "";
  if (list === undefined && !isShow && id === "") throw new RelayError("not_found");
  requireMethod(request.method, isShow ? "POST" : "GET");
  if (path === "/" && list !== undefined) return list(context, new Set());
  const models = await listModels(config, caller.role, exchange.signal);
  if (list !== undefined) return list(context, new Set(models.map(({ name }) => name)));
  return isShow ? showModel(context, models) : openaiModel(context, models, id);
}

function findModel(models: readonly Model[], name: string): Model {
  const model = models.find((each) => each.name === withTag(name));
  if (model === undefined) throw new RelayError("model_not_found");
  return model;
}

/** GET /v1/models/ID, the id as it stands in the path. */
async function openaiModel(
  context: Context,
  models: readonly Model[],
  id: string,
): Promise<Response> {
  const { name } = findModel(models, decoded(id));
  const path = `${MODEL_PATH}${encodeURIComponent(name)}`;
  return Response.json(await ask(context, path, openaiModelListing));
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new RelayError("not_found");
  }
}

/** The command of 2025 sends its name in the older field, and an empty new one beside it. */
const showSchema = z.object({
  model: z.string().max(200).optional(),
  name: z.string().max(200).optional(),
});

async function showModel(context: Context, models: readonly Model[]): Promise<Response> {
  const { request, config, exchange } = context;
  const asked = showSchema.safeParse(await readJson(request, SHOW_BODY_CAP_BYTES));
  const wanted = asked.data?.model || asked.data?.name;
  if (wanted === undefined || wanted === "") {
    throw new RelayError("bad_request", { message: "model: a name is wanted." });
  }
  const { name } = findModel(models, wanted);
  const answer = await callDoorForJson(config, {
    method: "POST",
    path: "/api/show",
    body: JSON.stringify({ model: name }),
    signal: exchange.signal,
  });
  const shown = showListing.safeParse(answer);
  if (!shown.success) throw new RelayError("ollama_failed", { cause: shown.error });
  return Response.json(shown.data);
}
