import { useCallback, useEffect, useState } from "react";
import { fetchModels, type ModelList } from "./models.ts";
import { readSetting, writeSetting } from "./settings.ts";

export interface ModelChoice {
  readonly list: ModelList;
  /** What is asked: the person's choice where it is there, else the app's default. */
  readonly chosen: string | undefined;
  readonly choose: (name: string) => void;
  /** Asks for the list again. */
  readonly reload: () => Promise<void>;
}

/** The models one may use and the one in use; the choice is kept in this browser. */
export function useModels(): ModelChoice {
  const [list, setList] = useState<ModelList>({ state: "loading" });
  const [wanted, setWanted] = useState(() => readSetting("model"));
  const reload = useCallback(async () => setList(await fetchModels()), []);
  useEffect(() => {
    void fetchModels().then(setList);
  }, []);

  const choose = useCallback((name: string) => {
    writeSetting("model", name);
    setWanted(name);
  }, []);
  return { list, chosen: chosenOf(list, wanted), choose, reload };
}

function chosenOf(list: ModelList, wanted: string | undefined): string | undefined {
  if (list.state !== "ready") return undefined;
  const known = list.models.some(({ name }) => name === wanted);
  return known ? wanted : (list.preferred ?? list.models[0]?.name);
}
