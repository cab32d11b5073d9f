import type { CardState } from '@hutong/contract/health-code.ts';
import { coalesce } from '../../../kit/coalesce.ts';
import type { TableWriter } from '../../../kit/group-commit.ts';
import type { Pool, Queryable } from '../../../kit/pool.ts';

/** A card as it lies: sealed. */
export type CardRow = {
  id: string;
  subject: bigint;
  sealed: Buffer;
  state: CardState;
  institution: number;
  madeBy: string;
  version: number;
  lostAt: Date | null;
};
type Row = Omit<CardRow, 'subject'> & { subject: string };

const columns = `c.id::text, c.subject::text, c.sealed, c.state, c.institution, c.made_by as "madeBy", c.version`;
const toCard = (row: Row): CardRow => ({ ...row, subject: BigInt(row.subject) });

/** By any card id it has had, with whether that one was reported lost; look-ups of one moment are one statement. */
export function openCards(pool: Pool): (cardIndex: Buffer) => Promise<CardRow | null> {
  const find = coalesce<string, CardRow>(
    async (indexes) => {
      const { rows } = await pool.query<Row & { cardIndex: Buffer }>({
        name: 'health-code-cards-by-name',
        text: `select ${columns}, n.lost_at as "lostAt", n.card_index as "cardIndex" from health_code.card_name n join health_code.card c on c.id = n.card
          where n.card_index = any($1::bytea[])`,
        values: [indexes.map((index) => Buffer.from(index, 'hex'))],
      });
      return new Map(rows.map(({ cardIndex, ...row }) => [cardIndex.toString('hex'), toCard(row)]));
    },
    { lanes: 1 },
  );
  return async (cardIndex) => (await find(cardIndex.toString('hex'))) ?? null;
}

/** The card in force for a document, else the newest. */
export async function cardByDocument(db: Queryable, documentIndex: Buffer): Promise<CardRow | null> {
  const { rows } = await db.query<Row>(
    `select ${columns}, null::timestamptz as "lostAt" from health_code.card c where c.document_index = $1 order by (c.state in (1, 4)) desc, c.id desc limit 1`,
    [documentIndex],
  );
  return rows[0] ? toCard(rows[0]) : null;
}

/** Registrations of an institution that wait for somebody to look at them, oldest first. */
export async function cardsWaiting(
  db: Queryable,
  institution: number,
  limit: number,
): Promise<(CardRow & { madeAt: Date })[]> {
  const { rows } = await db.query<Row & { madeAt: Date }>(
    `select ${columns}, null::timestamptz as "lostAt", c.made_at as "madeAt" from health_code.card c where c.institution = $1 and c.state = 2 order by c.id limit $2`,
    [institution, limit],
  );
  return rows.map(({ madeAt, ...row }) => ({ ...toCard(row), madeAt }));
}

export type CardWrite =
  | {
      do: 'make';
      card: Omit<CardRow, 'id' | 'version' | 'lostAt'>;
      shard: number;
      documentIndex: Buffer;
      cardIndex: Buffer;
    }
  | { do: 'state'; id: string; version: number; state: CardState }
  | { do: 'change'; id: string; version: number; sealed: Buffer; cardIndex: Buffer };

/** Refuses the transaction when the document has a card in force already, or when the card moved on in between. */
export const cardWriter: TableWriter<CardWrite> = {
  name: 'health-code cards',
  async write(client, writes) {
    const refused: number[] = [];
    for (const [at, write] of writes.entries()) {
      if (write.do === 'make') {
        const { card } = write;
        const { rows } = await client.query<{ id: string }>(
          `insert into health_code.card (shard, subject, document_index, sealed, state, institution, made_by) values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (document_index) where state in (1, 4) do nothing returning id::text`,
          [
            write.shard,
            String(card.subject),
            write.documentIndex,
            card.sealed,
            card.state,
            card.institution,
            card.madeBy,
          ],
        );
        if (rows[0]) await nameCard(client, rows[0].id, write.cardIndex);
        else refused.push(at);
        continue;
      }
      const { rowCount } = await client.query(
        `update health_code.card set state = coalesce($3, state), sealed = coalesce($4, sealed), version = version + 1, changed_at = now() where id = $1 and version = $2`,
        [
          write.id,
          write.version,
          write.do === 'state' ? write.state : null,
          write.do === 'change' ? write.sealed : null,
        ],
      );
      if (rowCount !== 1) refused.push(at);
      else if (write.do === 'change') await nameCard(client, write.id, write.cardIndex);
    }
    return refused;
  },
};

/** The same person with the same document gets the same card id again after a cancellation: the name then points to the new card. */
async function nameCard(db: Queryable, card: string, cardIndex: Buffer): Promise<void> {
  await db.query(
    'update health_code.card_name set valid_to = now() where card = $1 and valid_to is null and card_index <> $2',
    [card, cardIndex],
  );
  await db.query(
    `insert into health_code.card_name (card_index, card) values ($1, $2) on conflict (card_index) do update set card = $2, valid_to = null`,
    [cardIndex, card],
  );
}

/** Static codes of all cards of these people are void from now on. @returns how many */
export async function loseCards(db: Queryable, subjects: bigint[]): Promise<number> {
  const { rowCount } = await db.query(
    `update health_code.card_name n set lost_at = now() from health_code.card c where c.id = n.card and c.subject = any($1::int8[]) and n.lost_at is null`,
    [subjects.map(String)],
  );
  return rowCount ?? 0;
}

export type TemporaryRow = { subject: bigint; institution: number; until: Date };

export async function temporaryById(db: Queryable, idIndex: Buffer): Promise<TemporaryRow | null> {
  const { rows } = await db.query<Omit<TemporaryRow, 'subject'> & { subject: string }>(
    'select subject::text, institution, until from health_code.temporary where id_index = $1',
    [idIndex],
  );
  return rows[0] ? { ...rows[0], subject: BigInt(rows[0].subject) } : null;
}

export const temporaryWriter: TableWriter<TemporaryRow & { shard: number; idIndex: Buffer }> = {
  name: 'health-code temporary cards',
  async write(client, rows) {
    for (const row of rows)
      await client.query(
        'insert into health_code.temporary (id_index, shard, subject, institution, until) values ($1, $2, $3, $4, $5)',
        [row.idIndex, row.shard, String(row.subject), row.institution, row.until],
      );
    return [];
  },
};
