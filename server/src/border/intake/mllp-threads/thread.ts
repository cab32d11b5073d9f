import { randomUUID } from 'node:crypto';
import type { TlsOptions } from 'node:tls';
import { parentPort, workerData } from 'node:worker_threads';
import { openDirectory } from '../../../core/directory/index.ts';
import { openIdentity } from '../../../core/identity/index.ts';
import { openVault } from '../../../core/vault/index.ts';
import { freshenOnce } from '../../../kit/freshen.ts';
import { GroupCommitter } from '../../../kit/group-commit.ts';
import { openPool } from '../../../kit/pool.ts';
import type { TlsTexts } from '../../../kit/tls-files.ts';
import { createMllpServer, mllpLimits, refusal } from '../../hl7v2/index.ts';
import { takeHl7 } from '../adapters/hl7v2.ts';
import { openHl7Queries } from '../adapters/hl7v2-query.ts';
import { openPersonQueries } from '../adapters/person-query.ts';
import { openIntake } from '../receive.ts';
import type { FromThread, ThreadSettings, ToThread } from './words.ts';

/**
 * A thread of the MLLP border: sockets, decoding, translation, the durable store, the answer. Nothing else that the server does,
 * however long it takes, keeps a sender waiting; what is stored finds its way into the record through the waiting list, as after a restart.
 */
const settings = workerData as ThreadSettings;
const port = parentPort as NonNullable<typeof parentPort>;
const say = (word: FromThread): void => port.postMessage(word);
const underWay = new Int32Array(settings.underWay);
const tellEveryMs = 2;

const pool = openPool(settings.databaseUrl, 'mllp', 6);
try {
  await openVault(pool, settings);
  const directory = await openDirectory(pool);
  const freshen = freshenOnce(() => directory.refresh());
  const committer = new GroupCommitter(pool);
  const queries = openHl7Queries({
    directory,
    persons: openPersonQueries({ directory, identity: openIdentity(pool), committer }),
  });
  const intake = openIntake(
    pool,
    committer,
    () => ({ offer: () => tell(), wake: () => tell() }),
    () => tell(true),
  );
  const mllp = await createMllpServer({
    host: settings.host,
    port: settings.port,
    shared: settings.threads > 1,
    ...(settings.tls && { tls: tlsOptions(settings.tls) }),
    limits: {
      maxBytes: settings.maxBytes,
      maxHeldBytes: Math.max(settings.maxBytes, mllpLimits.maxHeldBytes / settings.threads),
    },
    onNotice: (notice) => notice !== 'garbage' && tell(),
    onMessage: async (bytes, { certified }) => {
      Atomics.add(underWay, 0, 1);
      try {
        const trace = randomUUID();
        const arrival = { bytes, protocol: 'hl7v2-mllp' as const, receivedAt: Date.now(), trace, certified };
        return ((await queries.answer(arrival)) ?? (await takeHl7(intake, directory, arrival, freshen))).answer;
      } finally {
        Atomics.sub(underWay, 0, 1);
      }
    },
    refusal: (beginning, reason) =>
      refusal(
        beginning,
        reason === 'too-large' ? 'hl7v2.limit-exceeded' : 'hl7v2.not-stored',
        new Date().toISOString(),
      ),
  });
  let telling = false;
  let judged = false;
  /** Once for all that happens within some milliseconds: under a burst the other side has better things to do than to listen. */
  function tell(verdict = false): void {
    judged ||= verdict;
    if (telling) return;
    telling = true;
    setTimeout(() => {
      say({ kind: 'stored', judged, counters: { ...intake.counters }, connections: mllp.connections() });
      telling = false;
      judged = false;
    }, tellEveryMs);
  }
  const timer = setInterval(() => void directory.refresh().catch(trouble), 5000);
  port.on('message', async (word: ToThread) => {
    if (word.kind !== 'stop') return;
    clearInterval(timer);
    await mllp.close();
    await pool.end();
    port.close();
  });
  say({ kind: 'listening', port: mllp.port });
} catch (error) {
  say({ kind: 'failed', message: (error as Error).message, code: (error as { code?: string }).code });
  await pool.end();
}

/** With authorities, nobody speaks who has no certificate of theirs (IHE ATNA, node authentication). */
function tlsOptions({ key, cert, ca }: TlsTexts): TlsOptions {
  return ca === null ? { key, cert } : { key, cert, ca, requestCert: true, rejectUnauthorized: true };
}

function trouble(error: unknown): void {
  say({ kind: 'trouble', name: (error as Error).name, code: (error as { code?: string }).code });
}
