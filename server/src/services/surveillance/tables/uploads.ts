import type { Queryable } from '../../../kit/pool.ts';

export type UploadProblem = { line: number; zh: string; en: string };
/** One file of a department: stored whole, or refused with the places that were not valid. */
export type UploadRow = {
  id: string;
  at: Date;
  agreement: string;
  channel: string;
  lines: number;
  created: number;
  revised: number;
  unchanged: number;
  former: number;
  refused: number;
  problems: UploadProblem[];
};
const columns = 'id, at, agreement, channel, lines, created, revised, unchanged, former, refused, problems';

export async function noteUpload(db: Queryable, row: UploadRow): Promise<void> {
  await db.query(`insert into surveillance.upload (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, [
    row.id,
    row.at,
    row.agreement,
    row.channel,
    row.lines,
    row.created,
    row.revised,
    row.unchanged,
    row.former,
    row.refused,
    JSON.stringify(row.problems),
  ]);
}

export async function recentUploads(db: Queryable, limit: number): Promise<UploadRow[]> {
  const { rows } = await db.query<UploadRow>(
    `select ${columns} from surveillance.upload order by at desc, id limit $1`,
    [limit],
  );
  return rows;
}
