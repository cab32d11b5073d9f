export type WorkLoop = { nudge(): void; stop(): Promise<void> };

/**
 * Work that waits in a table, done one piece after another beside everything else: again at once while there is some, otherwise when somebody says that there is
 * (`nudge`) or after a pause, for another server may have put it there.
 * @param step takes the next piece and does it, looking at `stopped` between its pages; false when there was none. What it throws is told, and waits for the pause
 */
export function workLoop(
  step: (stopped: () => boolean) => Promise<boolean>,
  { pauseMs, onError }: { pauseMs: number; onError(error: unknown): void },
): WorkLoop {
  let isStopped = false;
  let nudged = false;
  let wake = (): void => {};
  const stopped = (): boolean => isStopped;
  const loop = (async () => {
    // A step may nudge its own loop: whoever starts it has it in hand by then.
    await Promise.resolve();
    while (!isStopped) {
      nudged = false;
      let done = false;
      try {
        done = await step(stopped);
      } catch (error) {
        onError(error);
      }
      if (done || nudged || isStopped) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  })();
  return {
    nudge() {
      nudged = true;
      wake();
    },
    async stop() {
      isStopped = true;
      wake();
      await loop;
    },
  };
}
