/** What became of a request, as GET /api/requests/ID tells it. */
export type RequestState = "waiting" | "streaming" | "done" | "stopped" | "failed" | "unknown";

export interface RequestRecord {
  readonly state: RequestState;
  /** Milliseconds from the stop to the close of our connection to the door: what frees the GPU. */
  readonly releasedMs?: number;
}

const CAP = 1_000;

/** In this process: the last thousand requests, each told to its own caller only. */
const records = new Map<string, RequestRecord>();

export function recordRequest(caller: string, id: string, record: RequestRecord): void {
  const key = keyOf(caller, id);
  records.delete(key);
  records.set(key, record);
  const [oldest] = records.keys();
  if (records.size > CAP && oldest !== undefined) records.delete(oldest);
}

export function findRequest(caller: string, id: string): RequestRecord {
  return records.get(keyOf(caller, id)) ?? { state: "unknown" };
}

function keyOf(caller: string, id: string): string {
  return `${caller} ${id}`;
}
