import { expect, it } from "vitest";
import { listeningInodes, readLsof, readNetstat } from "../../../gateway/up/port-holder.ts";

it("finds listening sockets in Linux's table, and no others of the same port", () => {
  const table = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    "   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1 0 100 0 0 10 0",
    "   1: 0100007F:0BB8 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 4343 1 0 100 0 0 10 0",
    "   2: 00000000:0BB9 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4444 1 0 100 0 0 10 0",
  ].join("\n");
  expect(listeningInodes(table, 3000)).toStrictEqual(["4242"]);
});

it("reads what lsof says on macOS", () => {
  expect(readLsof("p501\ncControlCenter\nf10\n")).toStrictEqual({
    name: "ControlCenter",
    pid: 501,
  });
  expect(readLsof("")).toBeUndefined();
});

it("reads what netstat says on Windows", () => {
  const said = [
    "  Proto  Local Address          Foreign Address        State           PID",
    "  TCP    127.0.0.1:30001        0.0.0.0:0              LISTENING       7",
    "  TCP    127.0.0.1:3000         127.0.0.1:50000        ESTABLISHED     8",
    "  TCP    127.0.0.1:3000         0.0.0.0:0              LISTENING       4321",
  ].join("\r\n");
  expect(readNetstat(said, 3000)).toBe(4321);
  expect(readNetstat(said, 3001)).toBeUndefined();
});
