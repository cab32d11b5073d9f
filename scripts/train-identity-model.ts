import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseResidentNumber } from '@hutong/china';
import { type Model, readModel, tableFromRecords, train, writeModel } from '@hutong/linkage';
import { identityAt } from '../city/dirt/source-identity.ts';
import { cityInstitutions, residentAt } from '../city/index.ts';
import { readOptions } from '../city/options.ts';
import { Random } from '../city/random.ts';
import { contradiction } from '../server/src/core/identity/decide/claims.ts';
import { namesFit } from '../server/src/core/identity/decide/names-fit.ts';
import { blocksOf, mostBlock } from '../server/src/core/identity/matching/blocking.ts';
import { judge, openModel, preparePerson } from '../server/src/core/identity/matching/judge.ts';
import { type Comparable, linkageRecordOf, matchSchema } from '../server/src/core/identity/matching/records.ts';

/**
 * Trains the model that the master index ships: unsupervised EM on the registrations of one synthetic region, and the bound from which a link needs no
 * person from the labels of another. `--check` only measures the shipped model on a region of a third seed.
 */
const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '101' },
    check: { type: 'boolean', default: false },
  },
});
const file = join(import.meta.dirname, '../server/src/core/identity/matching/model-1.json');

type Registration = { resident: number; person: Comparable };

function registrations(seed: number, size: number): Registration[] {
  const city = readOptions({ seed, size, until: '2026-11-20', dirt: 0.5 });
  const institutions = cityInstitutions(city);
  const rows: Registration[] = [];
  for (let n = 0; n < size; n++) {
    const resident = residentAt(seed, n);
    if (resident.birthDay > city.lastDay) continue;
    const random = new Random(seed, 'registrations', n);
    for (let at = 0, count = random.weighted([25, 45, 30]) + 1; at < count; at++) {
      const known = identityAt(city, resident, random.pick(institutions), city.lastDay - random.below(60), at === 2);
      const parsed = known.number ? parseResidentNumber(known.number, '2026-11-20') : null;
      const { address } = known;
      rows.push({
        resident: n,
        person: {
          names: [known.name],
          sex: known.sex,
          birthDate: known.birthDate,
          numbers: parsed?.ok ? [parsed.value.number18] : [],
          documents: known.passport ? [{ type: 'passport', number: known.passport }] : [],
          phones: [known.phone],
          address: `${address.district}${address.subDistrict}${address.street}${address.door}`,
        },
      });
    }
  }
  return rows;
}

/** Too few people have other papers for training to see how seldom strangers share one: as seldom as they share a resident number. */
function withPapers(model: Model): Model {
  const exact = model.fields.find(({ field }) => field === 'number')?.levels[0];
  const fields = model.fields.map((field) =>
    field.field === 'documents' && exact
      ? {
          ...field,
          levels: field.levels.map((level, at) => (at === 0 ? { ...level, u: exact.u, weight: exact.weight } : level)),
        }
      : field,
  );
  return { ...model, fields };
}

type Judged = { same: boolean; outcome: string; weight: number; byNumber: boolean };

/** Every pair that the blocks give, judged as the index judges it: by number when nothing contradicts, else by the model. */
function judged(
  model: Model,
  rows: Registration[],
): { pairs: Judged[]; truePairs: number; found: number; skipped: number } {
  const open = openModel('check', model);
  const prepared = rows.map(({ person }) => preparePerson(open, person));
  const blocks = new Map<string, number[]>();
  rows.forEach(({ person }, at) => {
    for (const { text } of blocksOf(person)) {
      const block = blocks.get(text);
      if (block) block.push(at);
      else blocks.set(text, [at]);
    }
  });
  const seen = new Set<number>();
  const pairs: Judged[] = [];
  let skipped = 0;
  for (const block of blocks.values()) {
    if (block.length > mostBlock) {
      skipped++;
      continue;
    }
    for (let i = 0; i < block.length; i++)
      for (let j = i + 1; j < block.length; j++) {
        const [a, b] = [block[i] as number, block[j] as number];
        const key = a * rows.length + b;
        if (a === b || seen.has(key)) continue;
        seen.add(key);
        const [x, y] = [rows[a] as Registration, rows[b] as Registration];
        const number = (row: Registration): string | null => {
          const [own] = row.person.numbers;
          return own && contradiction(own, row.person) === null ? own : null;
        };
        const byNumber = number(x) !== null && number(x) === number(y) && namesFit(x.person.names, y.person.names);
        const side = (row: Registration, at: number, other: bigint) => ({
          source: {
            resident: other,
            number: row.person.numbers[0] ?? null,
            how: (row.person.numbers[0] && contradiction(row.person.numbers[0], row.person)) || ('local-id' as const),
          },
          person: row.person,
          prepared: prepared[at] as ReturnType<typeof preparePerson>,
        });
        const verdict = judge(open, side(x, a, 1n), side(y, b, 2n));
        // Two usable numbers that differ: two residents with numbers of their own, whom the engine never joins.
        const apart = number(x) !== null && number(y) !== null && number(x) !== number(y);
        pairs.push({
          same: x.resident === y.resident,
          outcome: byNumber ? 'link' : apart && verdict.outcome === 'link' ? 'review' : verdict.outcome,
          weight: verdict.weight,
          byNumber,
        });
      }
  }
  const counts = new Map<number, number>();
  for (const { resident } of rows) counts.set(resident, (counts.get(resident) ?? 0) + 1);
  const truePairs = [...counts.values()].reduce((sum, n) => sum + (n * (n - 1)) / 2, 0);
  return { pairs, truePairs, found: pairs.filter(({ same }) => same).length, skipped };
}

function report(title: string, model: Model, rows: Registration[]): void {
  const { pairs, truePairs, found, skipped } = judged(model, rows);
  const linked = pairs.filter(({ outcome }) => outcome === 'link');
  const good = linked.filter(({ same }) => same).length;
  const review = pairs.filter(({ outcome }) => outcome === 'review');
  const text = {
    registrations: rows.length,
    truePairs,
    blockingRecall: (found / truePairs).toFixed(4),
    skippedBlocks: skipped,
    linkPrecision: (good / linked.length).toFixed(5),
    linkRecall: (good / truePairs).toFixed(4),
    wrongLinks: linked.length - good,
    reviewPairs: review.length,
    reviewTrue: review.filter(({ same }) => same).length,
    lostTrue: pairs.filter(({ same, outcome }) => same && outcome === 'apart').length,
    thresholds: model.thresholds,
  };
  process.stdout.write(`${title} ${JSON.stringify(text)}\n`);
}

const size = Number(values.size);
if (!values.check) {
  const rows = registrations(Number(values.seed), size);
  const table = tableFromRecords(
    matchSchema,
    rows.map(({ person }, at) => ({ id: String(at), record: linkageRecordOf(person) })),
  );
  if (!table.ok) throw new Error(JSON.stringify(table));
  const { model, report: training } = train(matchSchema, table.table, { seed: 1 });
  process.stdout.write(`${JSON.stringify(training)}\n`);
  const labelled = registrations(Number(values.seed) + 1, size);
  // The bound above every stranger pair that nothing forbids, with four bits of room; never below odds of 8,192 to one.
  const { pairs } = judged({ ...model, thresholds: { ...model.thresholds, automatic: 0 } }, labelled);
  const strangers = pairs.filter(({ same, outcome, byNumber }) => !same && outcome === 'link' && !byNumber);
  const highest = strangers.reduce((most, { weight }) => Math.max(most, weight), 0);
  const automatic = Math.max(13, Math.ceil(highest) + 4);
  const shipped: Model = { ...withPapers(model), thresholds: { link: 0, review: 0, automatic } };
  writeFileSync(file, `${writeModel(shipped)}\n`);
  report('labelled', shipped, labelled);
}
const reading = readModel(readFileSync(file, 'utf8'));
if (!reading.ok) throw new Error(reading.reason);
report('unseen', reading.model, registrations(Number(values.seed) + 2, size));
