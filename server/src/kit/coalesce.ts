/**
 * Joins look-ups that are asked for in the same moment into one query (`= any($1)`): sixty senders cost one round trip.
 * @param load gets distinct keys; keys it does not answer resolve to undefined
 * @param options.maxKeys of one query. `lanes`: how many queries at once; while they are under way the next one gathers, so that the busier
 * the fewer (default: no limit)
 */
export function coalesce<K, V>(
  load: (keys: K[]) => Promise<Map<K, V>>,
  { maxKeys = 500, lanes = Number.POSITIVE_INFINITY }: { maxKeys?: number; lanes?: number } = {},
): (key: K) => Promise<V | undefined> {
  type Waiting = {
    promise: Promise<V | undefined>;
    resolve: (value: V | undefined) => void;
    reject: (error: unknown) => void;
  };
  let waiting = new Map<K, Waiting>();
  let busy = 0;
  const flush = async (): Promise<void> => {
    if (waiting.size === 0 || busy >= lanes) return;
    const batch = waiting;
    waiting = new Map();
    busy++;
    try {
      const found = await load([...batch.keys()]);
      for (const [key, { resolve }] of batch) resolve(found.get(key));
    } catch (error) {
      for (const { reject } of batch.values()) reject(error);
    } finally {
      busy--;
      void flush();
    }
  };
  return (key) => {
    const known = waiting.get(key);
    if (known) return known.promise;
    const { promise, resolve, reject } = Promise.withResolvers<V | undefined>();
    waiting.set(key, { promise, resolve, reject });
    if (waiting.size === 1) setImmediate(() => void flush());
    else if (waiting.size >= maxKeys) void flush();
    return promise;
  };
}
