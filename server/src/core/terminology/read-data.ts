import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeSystem, Concept, Equivalence, Mapping, TerminologyData, ValueSet } from './model.ts';

const folder = join(import.meta.dirname, 'data');

type SystemEntry = CodeSystem & { file: string };
type Row = Record<string, string>;

/** Tab-separated, first line names the columns; no quoting, because no name of ours holds a tab. */
function readRows(file: string): Row[] {
  const [first = '', ...lines] = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n');
  const columns = first.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? '']));
  });
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as T;
}

const later = (a: string, b: string): string => (a > b ? a : b);

/** A row of an edition's file as a concept of that edition; undefined when the code was not valid on any of its days. */
function concept(entry: SystemEntry, row: Row): Concept | undefined {
  const { code = '', zh = '', en = '', from = '', to = '', ...more } = row;
  const end = [to, entry.to ?? ''].filter((day) => day !== '').sort()[0];
  const start = later(from, entry.from);
  if (end !== undefined && end < start) return undefined;
  const properties = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== ''));
  return {
    system: entry.uri,
    version: entry.version,
    code,
    zh,
    en,
    from: start,
    ...(end === undefined ? {} : { to: end }),
    properties,
  };
}

/** Everything under `data/`, read anew at each call; throws when a file is broken, because it ships with the program. */
export function readTerminologyData(): TerminologyData {
  const entries = readJson<SystemEntry[]>('systems.json');
  const concepts = entries.flatMap((entry) =>
    readRows(entry.file).flatMap((row) => {
      const found = concept(entry, row);
      return found ? [found] : [];
    }),
  );
  const maps = readRows('maps.tsv').map(
    (row): Mapping => ({
      institution: '',
      sourceSystem: row.sourceSystem!,
      sourceCode: row.sourceCode!,
      targetSystem: row.targetSystem!,
      targetCode: row.targetCode!,
      equivalence: row.equivalence as Equivalence,
      from: '1900-01-01',
    }),
  );
  return {
    systems: entries.map(({ file: _, ...system }) => system),
    concepts,
    valueSets: readJson<ValueSet[]>('value-sets.json'),
    maps,
    units: new Map(readRows('units.tsv').map(({ written, ucum }) => [written!, ucum!])),
  };
}
