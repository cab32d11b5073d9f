import type { CareStep, Channel, CodeKind, Permit } from '@hutong/contract/health-code.ts';
import type { TableWriter } from '../../../kit/group-commit.ts';
import type { Queryable } from '../../../kit/pool.ts';
import type { ScanRow } from '../model.ts';

export type ScanWrite = ScanRow & { shard: number };

/** The log that the resident sees; in the transaction that uses the code up. */
export const scanWriter: TableWriter<ScanWrite> = {
  name: 'health-code scans',
  copies: (rows) => [
    {
      table: 'health_code.scan',
      columns: [
        ['shard', 'int2'],
        ['at', 'timestamptz'],
        ['subject', 'int8'],
        ['presented_by', 'int8'],
        ['institution', 'int4'],
        ['agent', 'text'],
        ['kind', 'text'],
        ['channel', 'text'],
        ['step', 'text'],
        ['terminal', 'text'],
        ['refusal', 'text'],
        ['permitted', 'text[]'],
      ],
      rows: rows.map(({ scene, ...row }) => [
        row.shard,
        row.at.getTime(),
        row.subject,
        row.presentedBy,
        row.institution,
        row.agent,
        row.kind,
        scene.channel,
        scene.step,
        scene.terminal ?? null,
        row.refusal,
        row.permitted,
      ]),
    },
  ],
};

export type LoggedScan = {
  seq: string;
  at: Date;
  subject: bigint;
  presentedBy: bigint | null;
  institution: number | null;
  agent: string;
  kind: CodeKind;
  channel: Channel;
  step: CareStep;
  refusal: string | null;
  permitted: Permit[];
};

/** Scans of these people's codes, newest first. */
export async function scansOf(
  db: Queryable,
  subjects: bigint[],
  before: string | null,
  limit: number,
): Promise<LoggedScan[]> {
  const { rows } = await db.query<
    Omit<LoggedScan, 'subject' | 'presentedBy'> & { subject: string; presentedBy: string | null }
  >(
    `select seq::text, at, subject::text, presented_by::text as "presentedBy", institution, agent, kind, channel, step, refusal, permitted
     from health_code.scan where subject = any($1::int8[]) and ($2::int8 is null or seq < $2) order by scan.seq desc limit $3`,
    [subjects.map(String), before, limit],
  );
  return rows.map((row) => ({
    ...row,
    subject: BigInt(row.subject),
    presentedBy: row.presentedBy === null ? null : BigInt(row.presentedBy),
  }));
}
