import { once } from 'node:events';
import { dateOfDay, seeded } from '@hutong/epi';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DISTRICTS } from '../city/places/districts.ts';

export const perDistrict = 3;
const years = 5;
/** How the cases of a province spread over diseases; influenza and hand-foot-mouth carry most of them, as in the national bulletins. */
const diseases: readonly (readonly [code: string, weight: number, peak: number])[] = [
  ['influenza', 38, 15],
  ['hand-foot-mouth', 20, 165],
  ['infectious-diarrhoea', 12, 10],
  ['hepatitis-b', 8, 100],
  ['tuberculosis', 6, 100],
  ['syphilis', 5, 200],
  ['mumps', 4, 150],
  ['scarlet-fever', 2, 140],
  ['pertussis', 2, 120],
  ['dysentery', 1.5, 200],
  ['brucellosis', 0.8, 130],
  ['measles', 0.4, 90],
  ['dengue', 0.3, 240],
];

type Client = pg.Client;

async function copy(client: Client, table: string, columns: string, lines: Iterable<string>): Promise<void> {
  const stream = client.query(copyFrom(`copy ${table} (${columns}) from stdin`));
  const done = once(stream, 'finish');
  let buffer = '';
  for (const line of lines) {
    buffer += `${line}\n`;
    if (buffer.length > 1 << 18) {
      if (!stream.write(buffer)) await once(stream, 'drain');
      buffer = '';
    }
  }
  stream.end(buffer);
  await done;
}

/**
 * A region of 38 districts with so many cases over five years, straight into the tables that the services read: cards, their findings, residents,
 * pre-aggregated cells, heard days, signals with their acts. @returns rows written and seconds taken
 */
export async function fillCases(
  databaseUrl: string,
  cases: number,
  today: number,
): Promise<{ rows: number; seconds: number }> {
  const started = performance.now();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const random = seeded(2026);
  await client.query(
    `insert into directory.institution (code, name_zh, name_en, tier, kind, area)
     select a || 'B' || n, '测量医院' || a || n, 'Bench hospital ' || a || n, 2, 'hospital', a from unnest($1::text[]) a, generate_series(1, $2) n`,
    [DISTRICTS.map(({ code }) => code), perDistrict],
  );
  const { rows: institutions } = await client.query<{ id: number; area: string }>(
    `select id, area from directory.institution where code like '______B_' order by id`,
  );
  const residents = Math.ceil(cases / 3);
  const pick = <T>(list: readonly (readonly [T, number])[]): (() => T) => {
    const sum = list.reduce((total, [, weight]) => total + weight, 0);
    return () => {
      let at = random.uniform() * sum;
      for (const [value, weight] of list) {
        at -= weight;
        if (at < 0) return value;
      }
      return (list.at(-1) as readonly [T, number])[0];
    };
  };
  const byArea = Map.groupBy(institutions, ({ area }) => area);
  const district = pick(DISTRICTS.map((row) => [row.code, row.population] as const));
  const homes = Array.from({ length: residents }, district);
  const institutionAt = (area: string): number => {
    const list = byArea.get(area) ?? institutions;
    return (list[random.below(list.length)] as { id: number }).id;
  };
  await copy(
    client,
    'identity.resident',
    'id, shard',
    homes.map((_, index) => `${index + 1}\t${index % 64}`),
  );
  await copy(
    client,
    'identity.source',
    'id, shard, institution, authority, local_id, resident, how, name, name_folded, sex, birth_date, area, stamp',
    homes.map((area, index) => {
      const birth = dateOfDay(today - 365 * (1 + (index % 85)) - (index % 300));
      return `${index + 1}\t${index % 64}\t${institutionAt(area)}\tbench\tB${index}\t${index + 1}\tlocal-id\t测量${index % 5000}\t测量${index % 5000}\t${index % 2 ? 'male' : 'female'}\t${birth}\t${area}\t2026`;
    }),
  );
  const disease = pick(diseases.map((row) => [row, row[1]] as const));
  const cards: string[] = [];
  const findings: string[] = [];
  for (let anchor = 1; anchor <= cases; anchor++) {
    const [code, , peak] = disease();
    // Rejection from a yearly wave around the disease's peak.
    let day: number;
    do day = today - random.below(years * 365);
    while (random.uniform() > 0.55 + 0.45 * Math.cos((2 * Math.PI * ((day % 365) - peak)) / 365));
    const resident = random.below(residents);
    const area = homes[resident] as string;
    const institution = institutionAt(area);
    const [text, late] = [dateOfDay(day), Math.min(today, day + random.poisson(1.3))];
    const at = `${text} 10:00:00+08`;
    const received = `${dateOfDay(late)} 18:00:00+08`;
    const state =
      day > today - 3 && anchor % 3 === 0 ? 'pending' : day > today - 21 && anchor % 4 === 0 ? 'confirmed' : 'approved';
    const shard = resident % 64;
    const birth = dateOfDay(today - 365 * (1 + (resident % 85)) - (resident % 300));
    cards.push(
      `${shard}\t${anchor}\t${code}\t${resident + 1}\t${resident + 1}\t${institution}\t{${institution}}\t0\t${area}\tclinical\t${at}\t${text}\t${text}\t${received}\t${dateOfDay(day + 1)} 10:00:00+08\t{${anchor}}\t${state}\tclinical\t${resident % 2 ? 'male' : 'female'}\t${birth}\t${anchor}`,
    );
    findings.push(
      `${shard}\t${anchor}\tcases\t${code}\t${resident + 1}\t${resident + 1}\t${institution}\t0\t${area}\tclinical\tA00\t诊断\tdiagnosis\t${at}\t${text}\t${text}\t${received}`,
    );
    if (anchor % 4 === 0)
      findings.push(
        `${shard}\t${anchor}\tsyndromes\t${anchor % 8 ? 'influenza-like' : 'diarrhoea'}\t${resident + 1}\t${resident + 1}\t${institution}\t0\t${area}\tclinical\tR50\t发热\tfever\t${at}\t${text}\t${text}\t${received}`,
      );
  }
  await copy(
    client,
    'surveillance.card',
    'shard, anchor, disease, resident, subject, institution, institutions, label, area, case_class, at, onset, day, received, due, keys, state, record_class, sex, birth, twin',
    cards,
  );
  await copy(
    client,
    'surveillance.finding',
    'shard, key, channel, topic, subject, resident, institution, label, area, certainty, code, zh, en, at, onset, day, received',
    findings,
  );
  await client.query(
    `insert into surveillance.cell (channel, topic, area, day, n)
     select channel, topic, area, day, count(*) from surveillance.finding group by 1, 2, 3, 4`,
  );
  const heard = function* (): Generator<string> {
    for (const channel of ['cases', 'syndromes', 'laboratory'])
      for (const { id } of institutions)
        for (let day = today - years * 365; day <= today; day++)
          if (random.uniform() > 0.03) yield `${channel}\t${id}\t${dateOfDay(day)}`;
  };
  await copy(client, 'surveillance.heard', 'channel, institution, day', heard());
  await client.query(
    `insert into surveillance.signal (id, rule, channel, topic, area, window_from, window_to, formed, evidence_at, due, evidence, score, cards, state, step)
     select 'bench' || n, 'statistical', 'cases', 'influenza', ($1::text[])[1 + n % 38], $2::date - n / 60 - 6, $2::date - n / 60, f, f, f + interval '24 hours',
       jsonb_build_object('observed', 20, 'expected', 8.5, 'bound', 15, 'p', 0.0001, 'method', 'seasonal-regression', 'baselineWindows', 260, 'corroborating', '[]'::jsonb, 'parts', '[]'::jsonb,
         'zh', '测量', 'en', 'bench', 'series', (select jsonb_agg(jsonb_build_object('to', '2026-01-01', 'count', k, 'bound', 15)) from generate_series(1, 26) k)),
       n % 97, '{}', case when n < 200 then 'passed' else 'answered' end, case when n < 200 then 'verify' else 'closed' end
     from generate_series(1, 20000) n, lateral (select ($2::date - n / 60)::timestamptz + interval '1 hour' as f) x`,
    [DISTRICTS.map(({ code }) => code), dateOfDay(today)],
  );
  await client.query(
    `insert into surveillance.signal_act (signal, act, reason, agent, role, at)
     select id, act, reason, 'staff bench', 'epidemiologist', formed + (row_number() over () % 40) * interval '1 hour' from surveillance.signal
     cross join (values ('acknowledge', null), ('exclude', 'expected-season')) as a (act, reason) where state = 'answered'`,
  );
  await client.query(`update surveillance.judged set changed = null, nightly = $1`, [dateOfDay(today)]);
  await client.query('analyze');
  const { rows } = await client.query<{ n: string }>(
    'select (select count(*) from surveillance.card) + (select count(*) from surveillance.finding) + (select count(*) from surveillance.cell) + (select count(*) from surveillance.heard) + (select count(*) from identity.source) as n',
  );
  await client.end();
  return { rows: Number(rows[0]?.n), seconds: (performance.now() - started) / 1000 };
}
