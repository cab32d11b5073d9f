/** At most one refresh in this many milliseconds, however many ask for what nobody knows. */
const apart = 200;

/**
 * What is kept in memory may have changed a moment ago, by another thread or another server: whoever is not known waits for the next
 * refresh, and all who wait share it.
 */
export function freshenOnce(refresh: () => Promise<void>, spacing = apart): () => Promise<void> {
  let next: Promise<void> | null = null;
  let last = 0;
  return () => {
    next ??= (async () => {
      await new Promise((done) => setTimeout(done, Math.max(0, last + spacing - Date.now())));
      // From here on a new asker needs a new refresh: this one may already have read.
      next = null;
      last = Date.now();
      await refresh();
    })();
    return next;
  };
}
