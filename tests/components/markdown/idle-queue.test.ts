import { describe, expect, it } from "vitest";
import { IdleQueue } from "../../../components/markdown/idle-queue.ts";

/** A queue whose idle moments and clock are in the test's hands. */
function queueByHand() {
  const asked: (() => void)[] = [];
  const done: string[] = [];
  let now = 0;
  const queue = new IdleQueue(
    (task) => {
      asked.push(task);
      return () => undefined;
    },
    () => now,
  );
  return {
    asked,
    done,
    add: (name: string, ms: number) =>
      queue.add(() => {
        done.push(name);
        now += ms;
      }),
    idle: () => asked.shift()?.(),
    queue,
  };
}

describe("work for idle moments", () => {
  it("is done in its order, several pieces at once while they are short", () => {
    const { add, idle, done, asked } = queueByHand();
    for (const name of ["a", "b", "c"]) add(name, 1);
    expect(asked).toHaveLength(1);
    idle();
    expect(done).toEqual(["a", "b", "c"]);
    expect(asked).toEqual([]);
  });

  it("gives the page back after a long piece", () => {
    const { add, idle, done } = queueByHand();
    for (const name of ["a", "b", "c"]) add(name, 20);
    idle();
    expect(done).toEqual(["a"]);
    idle();
    expect(done).toEqual(["a", "b"]);
  });

  it("leaves out what was called off", () => {
    const { add, idle, done } = queueByHand();
    const callOff = add("a", 1);
    add("b", 1);
    callOff();
    idle();
    expect(done).toEqual(["b"]);
  });

  it("goes on after a piece that failed", () => {
    const { add, idle, done, queue } = queueByHand();
    queue.add(() => {
      throw new Error("broken");
    });
    add("b", 1);
    expect(() => idle()).toThrow("broken");
    idle();
    expect(done).toEqual(["b"]);
  });
});
