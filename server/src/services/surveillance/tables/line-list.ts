import type { Queryable } from '../../../kit/pool.ts';
import type { CardState } from '../model.ts';

export type LineFilter = {
  disease: string;
  area: string | null;
  from: string;
  to: string;
  reach: string;
  unitsInReach: number[];
};
/** Cases that count: not withdrawn, not rejected; duplicates are listed and marked, and left out of the figures. */
const where = `disease = $1 and day between $3 and $4 and ($2::text is null or area = $2) and state not in ('question', 'withdrawn', 'rejected')
  and ($5 = '' or area like $5 || '%' or institutions && $6::int[])`;
const counted = `${where} and state <> 'duplicate'`;
const valuesOf = ({ disease, area, from, to, reach, unitsInReach }: LineFilter): unknown[] => [
  disease,
  area,
  from,
  to,
  reach,
  unitsInReach,
];

export type LineRow = {
  anchor: string;
  resident: string;
  institution: number;
  area: string;
  day: string;
  onset: string | null;
  at: Date;
  reported: Date | null;
  caseClass: string;
  state: CardState;
  sex: string;
  age: number | null;
  label: number;
  twin: boolean;
};
const columns = `c.anchor::text, c.resident::text, c.institution, c.area, c.day::text, c.onset::text, c.at, c.reported, c.case_class as "caseClass", c.state, coalesce(c.sex, 'unknown') as sex,
  (extract(year from age(c.day, c.birth)))::int as age, c.label,
  (coalesce(c.twin, 0) <> 0 and exists (select 1 from surveillance.card t where t.twin = c.twin and t.disease = c.disease and t.anchor <> c.anchor and t.state not in ('question', 'withdrawn', 'rejected', 'duplicate'))) as twin`;

export async function linePage(db: Queryable, filter: LineFilter, limit: number, offset: number): Promise<LineRow[]> {
  const { rows } = await db.query<LineRow>(
    `select ${columns} from (select * from surveillance.card where ${where} order by day desc, anchor limit $7 offset $8) c order by c.day desc, c.anchor`,
    [...valuesOf(filter), limit, offset],
  );
  return rows;
}

export type LineCounts = { total: number; duplicates: number; withoutOnset: number; withoutAge: number };
type LineCurve = { day: string; onset: number; reported: number }[];

/** How many there are, and cases by onset day and by day of report (Asia/Shanghai); days without any are absent. */
export async function lineFigures(
  db: Queryable,
  filter: LineFilter,
): Promise<{ counts: LineCounts; curve: LineCurve }> {
  const [{ rows: days }, { rows: reports }] = await Promise.all([
    db.query<LineCounts & { day: string }>(
      `select day::text, count(*)::int as total, count(*) filter (where state = 'duplicate')::int as duplicates,
         count(*) filter (where onset is null)::int as "withoutOnset", count(*) filter (where birth is null)::int as "withoutAge"
       from surveillance.card where ${where} group by day`,
      valuesOf(filter),
    ),
    db.query<{ day: string; reported: number }>(
      `select (reported at time zone 'Asia/Shanghai')::date::text as day, count(*)::int as reported
       from surveillance.card where ${counted} and reported is not null group by (reported at time zone 'Asia/Shanghai')::date`,
      valuesOf(filter),
    ),
  ]);
  const counts: LineCounts = { total: 0, duplicates: 0, withoutOnset: 0, withoutAge: 0 };
  const curve = new Map<string, LineCurve[number]>();
  const at = (day: string): LineCurve[number] => {
    const point = curve.get(day) ?? { day, onset: 0, reported: 0 };
    curve.set(day, point);
    return point;
  };
  for (const { day, ...of } of days) {
    counts.total += of.total;
    counts.duplicates += of.duplicates;
    counts.withoutOnset += of.withoutOnset;
    counts.withoutAge += of.withoutAge;
    if (of.total > of.duplicates) at(day).onset = of.total - of.duplicates;
  }
  for (const { day, reported } of reports) at(day).reported = reported;
  return { counts, curve: [...curve.values()].sort((a, b) => (a.day < b.day ? -1 : 1)) };
}

/** Cases by five-year band at the day of the case and by sex; 85 and older are one band. (`age` of a bare date would reckon with zones, at twice the price.) */
export async function linePyramid(
  db: Queryable,
  filter: LineFilter,
): Promise<{ from: number; male: number; female: number; other: number }[]> {
  const { rows } = await db.query(
    `select least(85, floor(date_part('year', age(day::timestamp, birth::timestamp)) / 5)::int * 5) as "from", count(*) filter (where sex = 'male')::int as male,
       count(*) filter (where sex = 'female')::int as female, count(*) filter (where sex is distinct from 'male' and sex is distinct from 'female')::int as other
     from surveillance.card where ${counted} and birth is not null group by 1 order by 1`,
    valuesOf(filter),
  );
  return rows as never;
}
