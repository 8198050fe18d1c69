/** Which paths the right key opens. */
import { DOOR_PATHS } from "../../../lib/contract.ts";
import type { Check, Room } from "./room.ts";
import { withKey } from "./room.ts";
import { ask } from "./wire.ts";

type Asked = readonly [method: string, target: string];

const OPEN: readonly Asked[] = [
  ...Object.entries(DOOR_PATHS).flatMap(([method, paths]) =>
    paths.map((path) => [method, path.replace("*", "qwen3:0.6b")] as const),
  ),
  ["GET", "/v1/models/hf.co/a/b-GGUF:Q4_K_M"],
];

const CLOSED: readonly Asked[] = [
  ...["pull", "push", "create", "copy", "blobs/sha256:0", "signout", "me"].map(
    (name) => ["POST", `/api/${name}`] as const,
  ),
  ["DELETE", "/api/delete"],
  ["HEAD", "/api/tags"],
  ["HEAD", "/"],
  ["POST", "/api/tags"],
  ["GET", "/api/chat"],
  ["PUT", "/api/chat"],
  ["OPTIONS", "/api/chat"],
  ["GET", "/"],
  ["GET", "/api/TAGS"],
  ["GET", "/Api/tags"],
  ["GET", "/api/tags/"],
  ["GET", "/api/tagsx"],
  ["GET", "/api/tags%20"],
  ["GET", "/api/tags."],
  ["GET", "/api/tags;x"],
  ["GET", "//api/tags"],
  ["GET", "/api//tags"],
  ["GET", "/api/./tags"],
  ["GET", "/api/x/../tags"],
  ["GET", "/api/%74ags"],
  ["GET", "/api%2ftags"],
  ["GET", "/v1/models/"],
  ["GET", "/v1/models//a"],
  ["GET", "/v1/models/.."],
  ["GET", "/v1/models/../../api/tags"],
  ["GET", "/v1/models/a/../../../api/blobs"],
  ["GET", "/v1/models/%2e%2e/%2e%2e/api/delete"],
  ["GET", "/v1/models/..%2f..%2fapi"],
  ["GET", "/v1/models/a%2f..%2f.."],
  ["GET", "/v1/models/a%3fb"],
  ["GET", String.raw`/v1/models/..\..\api`],
  ["POST", "/api/chat/../pull"],
  ["POST", "/api/chat%0a"],
  ["POST", "/api/chat%3f/../pull"],
  ["GET", "//pass"],
  ["GET", "//health"],
];

/** Which a server may refuse as malformed, by another status. */
const ODD: readonly Asked[] = [
  ["post", "/api/chat"],
  ["GET", "/v1/models/a%00"],
  ["GET", "/../api/tags"],
  ["TRACE", "/api/tags"],
];

async function tryOne({ door, behind }: Room, [method, target]: Asked): Promise<[number, string]> {
  behind.requests.length = 0;
  // An HTTP client announces even an empty body where there may be one.
  const length = method === "POST" ? ["Content-Length: 0"] : [];
  const { status } = await ask(door.port, { method, target, headers: [withKey, ...length] });
  const passed = behind.requests.map((request) => `${request.method} ${request.target}`);
  return [status, passed.join(", ")];
}

export const pathsByList: Check = async (room) => {
  for (const one of OPEN) {
    const [status, passed] = await tryOne(room, one);
    if (status !== 200 || passed !== one.join(" "))
      return `${one.join(" ")}: ${status}, passed on as "${passed}"`;
  }
  for (const one of [...CLOSED, ...ODD]) {
    const [status, passed] = await tryOne(room, one);
    const isRefused = ODD.includes(one) ? status >= 400 && status < 500 : status === 404;
    if (!isRefused || passed !== "")
      return `${one.join(" ")}: ${status}${passed && `, passed on as "${passed}"`}`;
  }
  return undefined;
};

export const noUpgrade: Check = async ({ door, behind }) => {
  behind.requests.length = 0;
  for (const upgrade of ["websocket", "h2c", "echo"]) {
    const headers = [withKey, "Connection: Upgrade", `Upgrade: ${upgrade}`];
    const { status } = await ask(door.port, { target: "/api/tags", headers });
    if (status !== 404 || behind.requests.length > 0)
      return `an upgrade to ${upgrade}: ${status}, passed on ${behind.requests.length} times`;
  }
  return undefined;
};
