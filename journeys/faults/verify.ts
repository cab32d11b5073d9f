import { createHash } from 'node:crypto';
import { verifyAudit } from '../../server/src/core/audit/index.ts';
import { openFeed } from '../../server/src/core/events/index.ts';
import type { Pool } from '../../server/src/kit/pool.ts';
import { recordIndexConsumer } from '../../server/src/services/record-index/index.ts';
import { storedMessages } from '../../server/test/stored.ts';
import type { Message } from './stories.ts';

const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');

export type InboxVerdict = { lost: string[]; duplicated: string[]; foreign: string[]; wrongState: string[] };

/** Looks for every message in the inbox: exactly once, with its very bytes and the verdict that it must have. */
export async function verifyInbox(pool: Pool, messages: readonly Message[]): Promise<InboxVerdict> {
  const rows = await storedMessages<{ protocol: string; sender: string; controlId: string; state: string }>(
    pool,
    `m.protocol, m.sender, m.control_id as "controlId", coalesce(o.state, 'no verdict') || coalesce(' by ' || o.rule || ' ' || o.path, '') as state`,
  );
  const found = new Map<string, { digest: string; state: string }[]>();
  for (const { protocol, sender, controlId, raw, state } of rows) {
    const key = `${protocol}|${sender}|${controlId}`;
    found.set(key, [...(found.get(key) ?? []), { digest: md5(raw), state }]);
  }
  const verdict: InboxVerdict = { lost: [], duplicated: [], foreign: [], wrongState: [] };
  for (const { protocol, hospital, controlId, bytes, held } of messages) {
    const key = `${protocol}|${protocol === 'fhir' ? `client-${hospital}` : `HIS|${hospital}`}|${controlId}`;
    const copies = found.get(key) ?? [];
    found.delete(key);
    if (copies.length > 1) verdict.duplicated.push(key);
    if (copies[0]?.digest !== md5(bytes)) verdict.lost.push(key);
    else if (held ? !copies[0].state.startsWith('held by ') : copies[0].state !== 'done')
      verdict.wrongState.push(`${key}: ${copies[0].state}`);
  }
  verdict.foreign.push(...found.keys());
  return verdict;
}

/** Messages the processor recorded, beside what it counted in the same transactions: differs when one was recorded twice. */
export async function verifyTallies(pool: Pool): Promise<{ counted: number; recorded: number }> {
  const { rows } = await pool.query<{ counted: number; recorded: number }>(
    `select (select coalesce(sum(taken), 0) from intake.hourly)::bigint as counted,
       (select count(*) from intake.message m join intake.outcome o on o.message = m.id where m.protocol <> 'fhir' and o.state = 'done') as recorded`,
  );
  return rows[0] as { counted: number; recorded: number };
}

/** The chain of hashes from its first block, and whether every entry is in it. Call it when the server has stopped (it seals last). */
export async function verifyChain(pool: Pool): Promise<{ ok: boolean; rows: number; unsealed: number }> {
  const { ok, rows } = await verifyAudit(pool);
  const { rows: counts } = await pool.query<{ n: number }>('select count(*) as n from audit.entry');
  return { ok, rows, unsealed: (counts[0]?.n ?? 0) - rows };
}

async function timeline(pool: Pool): Promise<{ rows: number; digest: string }> {
  const { rows } = await pool.query<{ rows: number; digest: string }>(
    `select count(*) as rows, coalesce(md5(string_agg(md5(c::text), '' order by shard, key)), '') as digest from record_index.care_event c`,
  );
  return rows[0] as { rows: number; digest: string };
}

/** Reads the feed anew from event 0 and compares the consumer's tables before and after. The server must have stopped. */
export async function verifyRebuild(pool: Pool): Promise<{ same: boolean; rows: number }> {
  const before = await timeline(pool);
  const feed = await openFeed(pool, [recordIndexConsumer], () => {});
  try {
    await feed.replay(recordIndexConsumer.name, 'start');
    await feed.settled();
  } finally {
    await feed.stop();
  }
  const after = await timeline(pool);
  return { same: before.rows === after.rows && before.digest === after.digest, rows: after.rows };
}
