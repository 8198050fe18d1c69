import { expect, it } from "vitest";
import { findRequest, recordRequest } from "../../lib/requests.ts";

it("keeps the last thousand requests, each for its own caller, and forgets the oldest", () => {
  for (let count = 0; count < 1_001; count += 1) {
    recordRequest("owner", `request-${count}`, { state: "done" });
  }
  expect(findRequest("owner", "request-0").state).toBe("unknown");
  expect(findRequest("owner", "request-1").state).toBe("done");
  expect(findRequest("owner", "request-1000").state).toBe("done");
  expect(findRequest("member", "request-1000").state).toBe("unknown");
});
