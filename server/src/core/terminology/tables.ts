import type { Pool, PoolClient } from 'pg';
import type { CodeSystem, Concept, Mapping, TerminologyData, ValueSet } from './model.ts';

type Db = Pick<Pool, 'query'> | PoolClient;

/** Dates leave as text: a `date` read as a JavaScript Date would shift by the zone of the process. */
const validity = `to_char(valid_from, 'YYYY-MM-DD') as "from", to_char(valid_to, 'YYYY-MM-DD') as "to"`;

const open = <T extends { to?: string | null }>({ to, ...rest }: T): Omit<T, 'to'> & { to?: string } =>
  to === null || to === undefined ? rest : { ...rest, to };

export async function loadedHash(db: Db, name: string): Promise<string | undefined> {
  const { rows } = await db.query<{ sha256: string }>('select sha256 from terminology.loaded where name = $1', [name]);
  return rows[0]?.sha256;
}

export async function noteLoaded(db: Db, name: string, sha256: string): Promise<void> {
  await db.query(
    `insert into terminology.loaded (name, sha256) values ($1, $2)
     on conflict (name) do update set sha256 = excluded.sha256, loaded_at = now()`,
    [name, sha256],
  );
}

/** Editions and their concepts as they are in `data`; the tables keep editions that the data no longer name. */
export async function replaceStandards(db: Db, data: TerminologyData): Promise<void> {
  await db.query(
    'delete from terminology.code_system where (uri, version) in (select uri, version from jsonb_to_recordset($1::jsonb) as g (uri text, version text))',
    [JSON.stringify(data.systems)],
  );
  await db.query(
    `insert into terminology.code_system (uri, version, valid_from, valid_to, zh, en, source, content)
     select uri, version, "from", "to", zh, en, source, content
     from jsonb_to_recordset($1::jsonb) as g (uri text, version text, "from" date, "to" date, zh text, en text, source text, content text)`,
    [JSON.stringify(data.systems)],
  );
  await db.query(
    `insert into terminology.concept (system, version, code, valid_from, valid_to, zh, en, properties)
     select system, version, code, "from", "to", zh, en, properties
     from jsonb_to_recordset($1::jsonb) as g (system text, version text, code text, "from" date, "to" date, zh text, en text, properties jsonb)`,
    [JSON.stringify(data.concepts)],
  );
  await db.query('delete from terminology.value_set');
  await db.query(
    'insert into terminology.value_set (url, zh, en, include) select url, zh, en, include from jsonb_to_recordset($1::jsonb) as g (url text, zh text, en text, include jsonb)',
    [JSON.stringify(data.valueSets)],
  );
  await db.query('delete from terminology.unit');
  await db.query('insert into terminology.unit (written, ucum) select * from unnest($1::text[], $2::text[])', [
    [...data.units.keys()],
    [...data.units.values()],
  ]);
  await db.query(`delete from terminology.map where institution = ''`);
  await addMaps(db, data.maps, 'data files');
}

/** Adds or corrects arrows; one with the same source, target and first day is overwritten. */
export async function addMaps(db: Db, maps: readonly Mapping[], setBy: string): Promise<void> {
  await db.query(
    `insert into terminology.map (institution, source_system, source_code, target_system, target_code, equivalence, valid_from, valid_to, display, unit, set_by)
     select institution, "sourceSystem", "sourceCode", "targetSystem", "targetCode", equivalence, "from", "to", display, unit, $2
     from jsonb_to_recordset($1::jsonb) as g (institution text, "sourceSystem" text, "sourceCode" text, "targetSystem" text, "targetCode" text,
       equivalence text, "from" date, "to" date, display text, unit text)
     on conflict (institution, source_system, source_code, target_system, target_code, valid_from) do update
       set equivalence = excluded.equivalence, valid_to = excluded.valid_to, display = excluded.display, unit = excluded.unit,
           set_by = excluded.set_by, set_at = now()`,
    [JSON.stringify(maps), setBy],
  );
}

/** Ends the open arrows of one source code the day before `day`; arrows that begin on or after it are taken away. */
export async function endMaps(
  db: Db,
  institution: string,
  system: string,
  codes: readonly string[],
  day: string,
): Promise<void> {
  await db.query(
    `delete from terminology.map where institution = $1 and source_system = $2 and source_code = any($3::text[]) and valid_to is null and valid_from >= $4::date`,
    [institution, system, codes, day],
  );
  await db.query(
    `update terminology.map set valid_to = $4::date - 1 where institution = $1 and source_system = $2 and source_code = any($3::text[]) and valid_to is null`,
    [institution, system, codes, day],
  );
}

export async function readAll(db: Db): Promise<TerminologyData> {
  const systems = await db.query<CodeSystem & { to: string | null; content: 'complete' | null }>(
    `select uri, version, zh, en, source, content, ${validity} from terminology.code_system`,
  );
  const concepts = await db.query<Concept & { to: string | null }>(
    `select system, version, code, zh, en, properties, ${validity} from terminology.concept`,
  );
  const valueSets = await db.query<ValueSet>('select url, zh, en, include from terminology.value_set order by url');
  const units = await db.query<{ written: string; ucum: string }>('select written, ucum from terminology.unit');
  const maps = await db.query<Mapping & { display: string | null; unit: string | null; to: string | null }>(
    `select institution, source_system as "sourceSystem", source_code as "sourceCode", target_system as "targetSystem", target_code as "targetCode",
       equivalence, display, unit, ${validity} from terminology.map`,
  );
  return {
    systems: systems.rows.map(({ content, ...row }) => ({ ...open(row), ...(content === null ? {} : { content }) })),
    concepts: concepts.rows.map((row) => open(row)),
    valueSets: valueSets.rows,
    units: new Map(units.rows.map(({ written, ucum }) => [written, ucum])),
    maps: maps.rows.map(({ display, unit, ...row }) => ({
      ...open(row),
      ...(display === null ? {} : { display }),
      ...(unit === null ? {} : { unit }),
    })),
  };
}
