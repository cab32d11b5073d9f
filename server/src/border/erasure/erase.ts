import { erasePresented } from '../../core/access/index.ts';
import { auditWriter } from '../../core/audit/index.ts';
import { eventWriter } from '../../core/events/index.ts';
import { eraseSources, type Identity } from '../../core/identity/index.ts';
import { eraseSubjects, forbidSubjects, shardOfPerson } from '../../core/store/index.ts';
import { writeInto } from '../../kit/group-commit.ts';
import { type Client, inTransaction, type Pool } from '../../kit/pool.ts';
import { eraseMessages } from '../intake/index.ts';
import { type Erasure, finish } from './tables.ts';

export type ErasureContext = {
  pool: Pool;
  identity: Identity;
  onCommitted(): void;
  /** Tables that are no reading of the record: each removes what it keeps of these source identities, in the transaction of the erasure. */
  others: readonly ((client: Client, subjects: readonly bigint[]) => Promise<void>)[];
};
/** A writer that had decided before the people were forbidden has committed by then. */
const underWayMs = 1500;

/**
 * Erases what is known of a resident: current and former versions, index rows, identities, and the bytes of the messages that told of them. Read
 * models follow from the feed. Stopped half-way it can be done again: each step finds what the one before left.
 */
export async function eraseResident(
  { pool, identity, onCommitted, others }: ErasureContext,
  erasure: Erasure,
  by: { agent: string; role: string; trace: string },
): Promise<{ versions: number; messages: number; sm3: string }> {
  const subjects = (await identity.sources(erasure.resident)).map(({ id }) => id);
  await forbidSubjects(pool, subjects, erasure.id, new Date());
  await new Promise((done) => setTimeout(done, underWayMs));
  const proof = await inTransaction(pool, async (client) => {
    const { keys, ids, messages, versions, sm3 } = await eraseSubjects(client, subjects, erasure.id);
    const told = await eraseSources(client, subjects);
    for (const erase of others) await erase(client, subjects);
    await erasePresented(client, erasure.resident);
    const done = { versions, sm3, messages: await eraseMessages(client, [...messages, ...told], ids) };
    await finish(client, erasure.id, done, new Date());
    // Read models look at the rows that the event names and find them gone.
    await writeInto(
      client,
      eventWriter,
      subjects.map((subject) => ({
        at: Date.now(),
        kind: 'record-written' as const,
        shard: shardOfPerson(subject),
        subject,
        institution: null,
        payload: { erased: String(erasure.id), keys },
      })),
    );
    await writeInto(client, auditWriter, [
      {
        at: Date.now(),
        agent: by.agent,
        role: by.role,
        institution: null,
        action: 'delete',
        what: `record erased: ${versions} versions, ${done.messages} messages, SM3 ${sm3}`,
        resident: erasure.resident,
        ground: 'erasure',
        trace: by.trace,
      },
    ]);
    return done;
  });
  onCommitted();
  return proof;
}
