import type { Client, Queryable } from '../../../kit/pool.ts';
import { vaultOf } from '../../../kit/vault.ts';
import type { ActRow, NewAct } from '../acts/model.ts';
import type { Edge } from '../model.ts';

const noteBind = 'identity.act.note';
type Columns = Omit<ActRow, 'left' | 'right' | 'note' | 'confirms' | 'undoes' | 'undoneBy' | 'id' | 'pair'> & {
  id: string;
  left: string[];
  right: string[];
  noteSealed: Buffer | null;
  pair: string | null;
  confirms: string | null;
  undoes: string | null;
  undoneBy: string | null;
};

const columns = `id::text, at, kind, by_kind as "byKind", by_id as "byId", institution, reason, note_sealed as "noteSealed", model, weight, pair::text, left_sources::text[] as left,
  right_sources::text[] as right, awaits_second as "awaitsSecond", confirms::text, undoes::text, undone_by::text as "undoneBy"`;

const orNull = (text: string | null): bigint | null => (text === null ? null : BigInt(text));
const toAct = (db: Queryable, { noteSealed, ...row }: Columns): ActRow => ({
  ...row,
  id: BigInt(row.id),
  left: row.left.map(BigInt),
  right: row.right.map(BigInt),
  note: noteSealed ? vaultOf(db).open(noteSealed, noteBind).toString() : null,
  pair: orNull(row.pair),
  confirms: orNull(row.confirms),
  undoes: orNull(row.undoes),
  undoneBy: orNull(row.undoneBy),
});

/** Keeps acts, in the order given. @returns their ids */
export async function insertActs(client: Client, acts: readonly NewAct[]): Promise<bigint[]> {
  const ids: bigint[] = [];
  for (const act of acts) {
    const { rows } = await client.query<{ id: string }>(
      `insert into identity.act (kind, by_kind, by_id, institution, reason, note_sealed, model, weight, pair, left_sources, right_sources, awaits_second, confirms, undoes)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::int8[], $11::int8[], $12, $13, $14) returning id::text`,
      [
        act.kind,
        act.byKind,
        act.byId,
        act.institution ?? null,
        act.reason ?? null,
        act.note ? vaultOf(client).seal(act.note, noteBind) : null,
        act.model ?? null,
        act.weight ?? null,
        act.pair == null ? null : String(act.pair),
        act.left.map(String),
        act.right.map(String),
        act.awaitsSecond ?? false,
        act.confirms == null ? null : String(act.confirms),
        act.undoes == null ? null : String(act.undoes),
      ],
    );
    const id = BigInt((rows[0] as { id: string }).id);
    ids.push(id);
    if (act.undoes != null)
      await client.query(
        'update identity.act set undone_by = $2 where id = $1 or id = (select confirms from identity.act where id = $1)',
        [String(act.undoes), String(id)],
      );
  }
  return ids;
}

export async function insertEdges(client: Client, edges: readonly Edge[]): Promise<void> {
  if (edges.length === 0) return;
  const both = edges.flatMap(({ a, b, ...rest }) => [
    { ...rest, a, b },
    { ...rest, a: b, b: a },
  ]);
  await client.query(
    `insert into identity.edge (a, b, act, says, weight) select * from unnest($1::int8[], $2::int8[], $3::int8[], $4::text[], $5::float8[]) on conflict do nothing`,
    [
      both.map(({ a }) => String(a)),
      both.map(({ b }) => String(b)),
      both.map(({ act }) => String(act)),
      both.map(({ says }) => says),
      both.map(({ weight }) => weight),
    ],
  );
}

export async function deleteEdgesOf(client: Client, acts: readonly bigint[]): Promise<void> {
  await client.query('delete from identity.edge where act = any($1::int8[])', [acts.map(String)]);
}

export async function actById(db: Queryable, id: bigint): Promise<ActRow | null> {
  const { rows } = await db.query<Columns>(`select ${columns} from identity.act where id = $1`, [String(id)]);
  return rows[0] ? toAct(db, rows[0]) : null;
}

/** Acts that name any of these sources, newest first. */
export async function actsAbout(db: Queryable, sources: readonly bigint[], limit: number): Promise<ActRow[]> {
  const { rows } = await db.query<Columns>(
    `select ${columns} from identity.act where (left_sources || right_sources) && $1::int8[] order by id desc limit $2`,
    [sources.map(String), limit],
  );
  return rows.map((row) => toAct(db, row));
}

export async function actsOfPair(db: Queryable, pair: bigint): Promise<ActRow[]> {
  const { rows } = await db.query<Columns>(`select ${columns} from identity.act where pair = $1 order by id desc`, [
    String(pair),
  ]);
  return rows.map((row) => toAct(db, row));
}

/** Every act from the first, a page at a time: for replay. */
export async function actsAfter(db: Queryable, after: bigint, limit: number): Promise<ActRow[]> {
  const { rows } = await db.query<Columns>(`select ${columns} from identity.act where id > $1 order by id limit $2`, [
    String(after),
    limit,
  ]);
  return rows.map((row) => toAct(db, row));
}
