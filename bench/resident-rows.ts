import { foldName } from '@hutong/china';
import { blankSource } from '../server/src/core/identity/decide/absorb.ts';
import { blocksOf } from '../server/src/core/identity/matching/blocking.ts';
import { comparableOf } from '../server/src/core/identity/matching/records.ts';
import { residentOfNumber, type Source, sourceId } from '../server/src/core/identity/model.ts';
import { blockKey } from '../server/src/core/identity/tables/match-keys.ts';
import { sealedColumns } from '../server/src/core/identity/tables/source-rows.ts';
import type { Column, Copy } from '../server/src/kit/copy.ts';
import type { Queryable } from '../server/src/kit/pool.ts';
import { inhabitant } from './inhabitants.ts';

const sourceColumns: Column[] = [
  ['id', 'int8'],
  ['shard', 'int2'],
  ['institution', 'int4'],
  ['authority', 'text'],
  ['resident', 'int8'],
  ['number_stamp', 'text'],
  ['how', 'text'],
  ['name', 'text'],
  ['name_folded', 'text'],
  ['sex', 'text'],
  ['birth_date', 'text'],
  ['address', 'text'],
  ['stamp', 'text'],
  ['local_sealed', 'bytea'],
  ['local_index', 'bytea'],
  ['number_sealed', 'bytea'],
  ['number_index', 'bytea'],
  ['phone_sealed', 'bytea'],
  ['phone_index', 'bytea'],
];
const bytes = (hex: string | null | undefined): Buffer | null => (hex ? Buffer.from(hex, 'hex') : null);

/** The n-th inhabitant as one institution registered them, linked by their number. */
function registered(n: number): Source {
  const { number, ...person } = inhabitant(n);
  const localId = String(n);
  const source = blankSource({
    id: sourceId('FILL', '', localId),
    institution: 1,
    authority: '',
    localId,
    message: null,
  });
  const resident = residentOfNumber(number);
  return { ...source, ...person, number, numberStamp: '1', stamp: '1', how: 'resident-number', resident };
}

/** The rows of inhabitants `from` to `to` as the index itself would write them: sealed, and with their blocking keys. */
export function residentRows(db: Queryable, from: number, to: number): Copy[] {
  const sources = Array.from({ length: to - from }, (_, at) => registered(from + at));
  return [
    {
      table: 'identity.resident',
      columns: [
        ['id', 'int8'],
        ['shard', 'int2'],
      ],
      rows: sources.map(({ resident }) => [resident, 1]),
    },
    {
      table: 'identity.source',
      columns: sourceColumns,
      rows: sources.map((source) => {
        const sealed = sealedColumns(db, source);
        return [
          source.id,
          1,
          source.institution,
          '',
          source.resident,
          source.numberStamp,
          source.how,
          source.name,
          foldName(source.name ?? '').key,
          source.sex,
          source.birthDate,
          source.address,
          source.stamp,
          bytes(sealed.local_sealed),
          bytes(sealed.local_index),
          bytes(sealed.number_sealed),
          bytes(sealed.number_index),
          bytes(sealed.phone_sealed),
          bytes(sealed.phone_index),
        ];
      }),
    },
    {
      table: 'identity.match_key',
      columns: [
        ['key', 'int8'],
        ['source', 'int8'],
      ],
      rows: sources.flatMap((source) =>
        [...new Set(blocksOf(comparableOf(source)).map((block) => blockKey(db, block)))].map((key) => [key, source.id]),
      ),
    },
  ];
}
