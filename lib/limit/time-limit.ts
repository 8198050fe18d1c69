/** The store had its time and did not answer. */
export class StoreTimeout extends Error {
  override readonly name = "StoreTimeout";
}

/**
 * What `work` gives, if it does within so many milliseconds; the work itself is not stopped.
 *
 * @throws StoreTimeout when the time has passed, or what `work` throws
 */
export async function within<Value>(milliseconds: number, work: Promise<Value>): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new StoreTimeout()), milliseconds);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
