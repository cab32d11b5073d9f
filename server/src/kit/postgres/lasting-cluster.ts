import { alive, type Cluster, type ClusterOptions, openCluster } from './cluster.ts';

const lookEveryMs = 250;

/**
 * A cluster that is started again, on the same port, when it ends without having been asked to (killed for want of memory, or by hand):
 * pools reconnect by themselves, and senders see refusals only for as long as PostgreSQL needs to recover.
 * @throws as {@link openCluster} does, on the first opening only; later ones are tried until they work
 */
export async function openLastingCluster(folder: string, options: ClusterOptions = {}): Promise<Cluster> {
  const first = await openCluster(folder, options);
  const port = Number(new URL(first.url).port);
  let current = first;
  let reviving: Promise<void> | null = null;
  const revive = async (): Promise<void> => {
    try {
      current = await openCluster(folder, { ...options, port });
    } catch {
      // Children of the dead postmaster may hold its shared memory for a moment; the next look tries again.
    } finally {
      reviving = null;
    }
  };
  const timer = setInterval(() => {
    if (!reviving && !alive(current.pid)) reviving = revive();
  }, lookEveryMs);
  return {
    ...first,
    async stop() {
      clearInterval(timer);
      await reviving;
      await current.stop();
    },
  };
}
