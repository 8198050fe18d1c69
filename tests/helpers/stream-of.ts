/** The values as a stream, all there at once. */
export function streamOf<Value>(values: readonly Value[]): ReadableStream<Value> {
  return new ReadableStream({
    start(controller) {
      for (const value of values) controller.enqueue(value);
      controller.close();
    },
  });
}
