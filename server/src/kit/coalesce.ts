/**
 * Joins look-ups that are asked for in the same moment into one query (`= any($1)`): sixty senders cost one round trip.
 * @param load gets distinct keys; keys it does not answer resolve to undefined
 */
export function coalesce<K, V>(
  load: (keys: K[]) => Promise<Map<K, V>>,
  maxKeys = 500,
): (key: K) => Promise<V | undefined> {
  let waiting = new Map<
    K,
    { promise: Promise<V | undefined>; resolve: (value: V | undefined) => void; reject: (error: unknown) => void }
  >();
  const flush = async (): Promise<void> => {
    const batch = waiting;
    waiting = new Map();
    try {
      const found = await load([...batch.keys()]);
      for (const [key, { resolve }] of batch) resolve(found.get(key));
    } catch (error) {
      for (const { reject } of batch.values()) reject(error);
    }
  };
  return (key) => {
    const known = waiting.get(key);
    if (known) return known.promise;
    let resolve: (value: V | undefined) => void = () => {};
    let reject: (error: unknown) => void = () => {};
    const promise = new Promise<V | undefined>((yes, no) => {
      resolve = yes;
      reject = no;
    });
    waiting.set(key, { promise, resolve, reject });
    if (waiting.size === 1) setImmediate(() => void flush());
    else if (waiting.size >= maxKeys) void flush();
    return promise;
  };
}
