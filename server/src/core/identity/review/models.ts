import type { ErrorCode } from '@hutong/contract/errors.ts';
import type { IdentityModel } from '@hutong/contract/identity.ts';
import { inTransaction } from '../../../kit/pool.ts';
import { fewestDecisions, learnFrom } from '../matching/learn.ts';
import { sourcesByIds } from '../tables/find.ts';
import { allModels, decidedPairs, insertModel, type ModelRow, modelInUse, useModel } from '../tables/models.ts';
import type { ReviewDoor } from './door.ts';

const viewOf = (row: ModelRow): IdentityModel => ({
  version: row.version,
  madeAt: row.madeAt.toISOString(),
  origin: row.madeBy,
  basedOn: row.basedOn,
  learnedFrom: { linked: row.linked, separate: row.separate },
  inUse: row.inUse,
  thresholds: { review: row.body.thresholds.review, automatic: row.body.thresholds.automatic },
  weights: row.body.fields.flatMap(({ field, levels }) =>
    levels.map(({ code, m, u, weight }) => ({ field, level: code, m, u, bits: weight })),
  ),
});

export const modelViews = async ({ pool }: ReviewDoor): Promise<IdentityModel[]> => (await allModels(pool)).map(viewOf);

type Made = { refusal: ErrorCode } | { model: IdentityModel };
const find = async (door: ReviewDoor, version: string): Promise<Made> => {
  const model = (await modelViews(door)).find((one) => one.version === version);
  return model ? { model } : { refusal: 'HT-INPUT-004' };
};

/** A new version from what people have decided; it is not in use until somebody says so. */
export async function learnModel(door: ReviewDoor, by: string, reason: string): Promise<Made> {
  const decided = await decidedPairs(door.pool, 5000);
  const sources = await sourcesByIds(door.pool, [...new Set(decided.flatMap(({ a, b }) => [a, b]))]);
  const pairs = decided.flatMap(({ a, b, same }) => {
    const [left, right] = [sources.get(a), sources.get(b)];
    return left && right ? [{ a: left, b: right, same }] : [];
  });
  if (pairs.length < fewestDecisions) return { refusal: 'HT-IDENTITY-007' };
  await door.model.get(door.pool);
  const base = await modelInUse(door.pool);
  const linked = pairs.filter(({ same }) => same).length;
  const version = await inTransaction(door.pool, (client) =>
    insertModel(client, {
      madeBy: by,
      basedOn: base.version,
      reason,
      linked,
      separate: pairs.length - linked,
      body: learnFrom(base.body, pairs),
    }),
  );
  return find(door, version);
}

export async function putModelToUse(door: ReviewDoor, version: string): Promise<Made> {
  const known = await find(door, version);
  if ('refusal' in known) return known;
  await inTransaction(door.pool, (client) => useModel(client, version));
  door.model.forget();
  return find(door, version);
}
