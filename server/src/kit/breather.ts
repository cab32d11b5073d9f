const turnMs = 4;

/**
 * For long arithmetic between two looks at the database: awaited after each piece, it lets the event loop answer others whenever more than a few
 * milliseconds have passed.
 */
export function breather(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < turnMs) return undefined;
    return new Promise((turn) =>
      setImmediate(() => {
        since = performance.now();
        turn();
      }),
    );
  };
}
