import { DOOR_PATHS } from "../contract.ts";
import { RelayError } from "../errors.ts";

/** The methods of a path of Ollama's, for Allow; undefined where there is nothing. */
export function methodsOf(path: string): string | undefined {
  if (path === "/") return "GET, HEAD";
  const takes = (paths: readonly string[]): boolean =>
    paths.some((each) =>
      each.endsWith("/*") ? path.startsWith(each.slice(0, -1)) : each === path,
    );
  if (takes(DOOR_PATHS.POST)) return "POST";
  return takes(DOOR_PATHS.GET) ? "GET, HEAD" : undefined;
}

/** Throws RelayError `method_not_allowed`, with the ones that are. */
export function requireMethod(method: string, wanted: "GET" | "POST"): void {
  const fits = method === wanted || (wanted === "GET" && method === "HEAD");
  if (fits) return;
  throw new RelayError("method_not_allowed", { allow: wanted === "GET" ? "GET, HEAD" : "POST" });
}
