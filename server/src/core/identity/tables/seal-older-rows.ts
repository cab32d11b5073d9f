import { inTransaction, type Pool } from '../../../kit/pool.ts';
import { type SourceColumns, sealedColumns, sourceColumns, toSource } from './source-rows.ts';

/** Seals what rows of an older version hold in clear, a few hundred at a time, before the first message is taken. @returns how many rows were sealed */
export async function sealOlderRows(pool: Pool): Promise<number> {
  let sealed = 0;
  for (;;) {
    const done = await inTransaction(pool, async (client) => {
      const { rows } = await client.query<SourceColumns>(
        `select ${sourceColumns} from identity.source where local_id is not null order by id limit 500 for update`,
      );
      for (const row of rows) {
        const columns = sealedColumns(client, toSource(client, row));
        await client.query(
          `update identity.source set local_id = null, number = null, phone = null, local_sealed = decode($2, 'hex'), local_index = decode($3, 'hex'),
             number_sealed = decode($4, 'hex'), number_index = decode($5, 'hex'), phone_sealed = decode($6, 'hex'), phone_index = decode($7, 'hex') where id = $1`,
          [
            row.id,
            columns.local_sealed,
            columns.local_index,
            columns.number_sealed,
            columns.number_index,
            columns.phone_sealed,
            columns.phone_index,
          ],
        );
      }
      return rows.length;
    });
    sealed += done;
    if (done < 500) return sealed;
  }
}
