import { foldName, makeResidentNumber } from '@hutong/china';
import { blankSource } from '../server/src/core/identity/decide/absorb.ts';
import { blocksOf } from '../server/src/core/identity/matching/blocking.ts';
import { comparableOf } from '../server/src/core/identity/matching/records.ts';
import { residentOfNumber, type Source, sourceId } from '../server/src/core/identity/model.ts';
import { blockKey } from '../server/src/core/identity/tables/match-keys.ts';
import { sealedColumns } from '../server/src/core/identity/tables/source-rows.ts';
import { openVault } from '../server/src/core/vault/index.ts';
import { type Column, copyRows } from '../server/src/kit/copy.ts';
import { inTransaction, openPool, type Pool } from '../server/src/kit/pool.ts';

const surnames = [...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗'];
const given = [...'伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉力建国华玉红海燕春梅志林永生'];

/** The n-th invented inhabitant: a common name, a number of an area that was never issued, a telephone nobody has. */
export function inhabitant(n: number): {
  name: string;
  sex: 'male' | 'female';
  birthDate: string;
  number: string;
  phone: string;
  address: string;
} {
  const mixed = Math.imul(n, 0x9e3779b1) >>> 0;
  const day = new Date(Date.UTC(1935, 0, 1) + (mixed % 31_000) * 86_400_000).toISOString().slice(0, 10);
  const pick = (list: string[], turn: number): string => list[(mixed >>> turn) % list.length] as string;
  const sequence = 1 + (Math.floor(n / 31_000) % 998);
  return {
    name: pick(surnames, 3) + pick(given, 7) + (mixed % 5 === 0 ? '' : pick(given, 13)),
    sex: sequence % 2 === 1 ? 'male' : 'female',
    birthDate: day,
    number: makeResidentNumber({ areaCode: `50099${n % 10}`, birthDate: day, sequence }),
    phone: `129${String(mixed % 100_000_000).padStart(8, '0')}`,
    address: `渝北区第${mixed % 977}街${mixed % 389}号${mixed % 23}单元${mixed % 31}`,
  };
}

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

/** Fills the index with `count` inhabitants of one institution, sealed and with their blocking keys, by COPY. */
export async function fillResidents(
  databaseUrl: string,
  secret: string,
  count: number,
): Promise<{ pool: Pool; seconds: number }> {
  const pool = openPool(databaseUrl, 'bench fill', 2);
  await openVault(pool, { secret });
  const started = performance.now();
  const step = 5000;
  for (let from = 0; from < count; from += step) {
    const sources = Array.from({ length: Math.min(step, count - from) }, (_, at): Source => {
      const { number, ...person } = inhabitant(from + at);
      const localId = String(from + at);
      const source = blankSource({
        id: sourceId('FILL', '', localId),
        institution: 1,
        authority: '',
        localId,
        message: null,
      });
      return {
        ...source,
        ...person,
        number,
        numberStamp: '1',
        stamp: '1',
        how: 'resident-number',
        resident: residentOfNumber(number),
      };
    });
    await inTransaction(pool, async (client) => {
      await copyRows(
        client,
        'identity.resident',
        [
          ['id', 'int8'],
          ['shard', 'int2'],
        ],
        [...new Set(sources.map(({ resident }) => resident))].map((resident) => [resident, 1]),
      );
      await copyRows(
        client,
        'identity.source',
        sourceColumns,
        sources.map((source) => {
          const sealed = sealedColumns(client, source);
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
      );
      await copyRows(
        client,
        'identity.match_key',
        [
          ['key', 'int8'],
          ['source', 'int8'],
        ],
        sources.flatMap((source) =>
          [...new Set(blocksOf(comparableOf(source)).map((block) => blockKey(client, block)))].map((key) => [
            key,
            source.id,
          ]),
        ),
      );
    });
    process.stderr.write(`\r  ${from + sources.length} of ${count} residents `);
  }
  await pool.query('analyze identity.source, identity.match_key, identity.resident');
  return { pool, seconds: (performance.now() - started) / 1000 };
}
