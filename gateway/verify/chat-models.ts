/** Which models behind the door can chat. */
import { z } from "zod";
import { NotTelling } from "./check.ts";
import { MODELS_PATH } from "./lock.ts";
import { enter, type Subject } from "./subject.ts";

const listSchema = z.object({
  models: z
    .array(
      z.object({
        name: z.string(),
        size: z.number().default(0),
        remote_host: z.string().optional(),
        capabilities: z.array(z.string()).optional(),
      }),
    )
    .nullable(),
});
const loadedSchema = z.object({ models: z.array(z.object({ name: z.string() })).nullable() });

type Model = NonNullable<z.infer<typeof listSchema>["models"]>[number];

/** Cloud models spend their owner's account; older Ollamas do not say which ones only embed. */
function canChatHere({ name, remote_host: remote, capabilities }: Model): boolean {
  if (remote !== undefined || /[-:]cloud$/.test(name)) return false;
  return capabilities?.includes("completion") ?? !/embed|bge|minilm/i.test(name);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @throws NotTelling when there is none */
export async function chatModels(subject: Subject): Promise<readonly string[]> {
  const [list, running] = await Promise.all([
    enter(subject, { path: MODELS_PATH }),
    enter(subject, { path: "/api/ps" }),
  ]);
  const loaded = loadedSchema.safeParse(readJson(running.body)).data?.models ?? [];
  const isLoaded = ({ name }: Model): number => (loaded.some((one) => one.name === name) ? 0 : 1);
  const models = (listSchema.safeParse(readJson(list.body)).data?.models ?? []).filter(canChatHere);
  if (models.length === 0) throw new NotTelling("there is no model behind the door that can chat");
  const sorted = models.toSorted(
    (one, two) => isLoaded(one) - isLoaded(two) || one.size - two.size,
  );
  return sorted.map(({ name }) => name);
}
