import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { readRemembered, writeRemembered } from "../common/remembered.ts";
import { askMemory, ModelMemory, type MemoryView } from "./memory.ts";
import { findModel } from "./model-name.ts";
import { fetchModels, keepList, type ListedModel, type ModelList } from "./models.ts";

const OLD_MS = 60_000;

interface ModelWishes {
  /** The chat's own model: counts before what this browser remembers. */
  readonly wanted?: string | undefined;
  /**
   * Whether a choice loads the model at once; true when absent. False suits a chat with a context length of its own:
   * Ollama would load the model a second time for it.
   */
  readonly warmUp?: boolean;
}

export interface ModelChoice extends MemoryView {
  readonly list: ModelList;
  /**
   * What is asked: the chat's model or the person's choice where it is there, else the app's default. While the list
   * has not come, what was chosen before; undefined lets the app decide.
   */
  readonly chosen: string | undefined;
  /** The model in use, as the list has it. */
  readonly inUse: ListedModel | undefined;
  /** The chat's own model, when it is not there any more. */
  readonly missing: string | undefined;
  /** Remembers the choice and loads the model. A chat with a model of its own must be told too. */
  readonly choose: (name: string) => void;
  /** Asks for the list again; what is shown stays until the answer has come. Never rejects. */
  readonly reload: () => Promise<void>;
  readonly load: (name: string) => Promise<void>;
  readonly unload: (name: string) => Promise<void>;
}

/** The models one may use, the one in use, and what is in memory. The choice is kept in this browser. */
export function useModels({ wanted, warmUp = true }: ModelWishes = {}): ModelChoice {
  const { list, reload } = useList();
  const [memory] = useState(() => new ModelMemory(askMemory, reload));
  const view = useSyncExternalStore(memory.subscribe, memory.read, memory.read);
  const [remembered, setRemembered] = useState(() => readRemembered("model"));

  const choose = useCallback(
    (name: string) => {
      writeRemembered("model", name);
      setRemembered(name);
      const loaded = list.state === "ready" && findModel(list.models, name)?.loaded === true;
      if (warmUp && !loaded) void memory.warm(name);
      else memory.stopWarming();
    },
    [list, memory, warmUp],
  );
  // The same as long as nothing of it changes: an answer that grows does not render the picker.
  return useMemo(() => {
    const { load, unload } = memory;
    const choice = chooseFrom(list, wanted, remembered);
    return { list, ...choice, choose, reload, ...view, load, unload };
  }, [list, wanted, remembered, choose, reload, view, memory]);
}

/** Which model is asked, of those in the list. */
export function chooseFrom(
  list: ModelList,
  wanted: string | undefined,
  remembered: string | undefined,
): Pick<ModelChoice, "chosen" | "inUse" | "missing"> {
  if (list.state !== "ready") {
    return { chosen: wanted ?? remembered, inUse: undefined, missing: undefined };
  }
  const { models, preferred } = list;
  const own = findModel(models, wanted);
  const inUse =
    own ?? findModel(models, remembered) ?? findModel(models, preferred) ?? models.at(0);
  return { chosen: inUse?.name, inUse, missing: own === undefined ? wanted : undefined };
}

/** The list, asked for at once, and again when the page was out of sight for a while or the network is back. */
function useList(): Pick<ModelChoice, "list" | "reload"> {
  const [list, setList] = useState<ModelList>({ state: "loading" });
  const newest = useRef(0);
  const askedAt = useRef(0);
  const reload = useCallback(async () => {
    newest.current += 1;
    const own = newest.current;
    askedAt.current = Date.now();
    const next = await fetchModels();
    // Answers may overtake each other.
    if (own === newest.current) setList((before) => keepList(before, next));
  }, []);
  useEffect(() => {
    void reload();
    const look = () => {
      const old = Date.now() - askedAt.current > OLD_MS;
      if (old && document.visibilityState === "visible") void reload();
    };
    const ask = () => void reload();
    document.addEventListener("visibilitychange", look);
    addEventListener("online", ask);
    return () => {
      document.removeEventListener("visibilitychange", look);
      removeEventListener("online", ask);
    };
  }, [reload]);
  return { list, reload };
}
