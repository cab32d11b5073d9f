import type { Fact, PersonKey, Resource, Translation } from '../../fact.ts';
import { keyText } from '../../key-text.ts';
import type { CsvRow } from '../csv/read-csv.ts';
import { instantOf } from './date-format.ts';
import { elementPath, place, prune } from './element-path.ts';
import { type RowOptions, RowReading } from './evaluate.ts';
import type { FactMapping, Mapping } from './model.ts';

const DAY = 86_400_000;

/**
 * One row as facts, by a mapping that {@link readMapping} accepted. Pure. Columns that hold something and that the mapping neither
 * reads nor ignores are counted in `unmapped`.
 */
export function translateRow(mapping: Mapping, row: CsvRow, options: RowOptions): Translation {
  const reading = new RowReading(row, options);
  for (const column of mapping.ignored ?? []) reading.used.add(column);
  const { stamp, said } = stampOf(mapping, reading);
  const controlId = mapping.controlId ? reading.text(mapping.controlId) : '';
  const person = personOf(mapping, reading);
  reading.patientKey = person ? keyText(person.authority, person.localId) : '';
  const facts = mapping.facts.flatMap((fact) => factOf(fact, reading, stamp, person));
  const left = Object.entries(row.values).filter(([column, value]) => value !== '' && !reading.used.has(column));
  return {
    kind: `csv:${mapping.id}`,
    controlId,
    ...(said === undefined ? {} : { sentAt: said }),
    facts,
    merges: [],
    unmapped: left.map(([column]) => ({ path: column, count: 1 })),
    issues: reading.issues,
  };
}

/** A stamp far ahead would never be overtaken, so the time of receipt takes its place. */
function stampOf(mapping: Mapping, reading: RowReading): { stamp: string; said: string | undefined } {
  const text = reading.text(mapping.stamp);
  const parsed = text === '' ? Number.NaN : Date.parse(instantOf(text));
  if (!Number.isFinite(parsed)) return { stamp: reading.options.receivedAt, said: undefined };
  const said = new Date(parsed).toISOString();
  if (parsed <= Date.parse(reading.options.receivedAt) + DAY) return { stamp: said, said };
  reading.report('files.time-in-future', 'column' in mapping.stamp ? mapping.stamp.column : '');
  return { stamp: reading.options.receivedAt, said: undefined };
}

function personOf(mapping: Mapping, reading: RowReading): PersonKey | undefined {
  if (!mapping.person) return undefined;
  const localId = reading.text(mapping.person.localId);
  if (localId !== '') return { authority: mapping.person.authority ?? '', localId };
  reading.report('files.required', 'column' in mapping.person.localId ? mapping.person.localId.column : 'person');
  return undefined;
}

function factOf(mapping: FactMapping, reading: RowReading, stamp: string, person: PersonKey | undefined): Fact[] {
  if (!mapping.nobody && !person) return [];
  if (mapping.when?.some((column) => reading.cell(column) === '')) return [];
  const key = mapping.key ? reading.key(mapping.key) : reading.patientKey;
  const resource: Record<string, unknown> = {};
  const values = Object.entries(mapping.elements).map(([path, expression]) => {
    return {
      path,
      steps: elementPath(path) ?? [path],
      constant: 'constant' in expression,
      value: reading.value(expression),
    };
  });
  for (const { path, steps, constant, value } of values) {
    if (value === undefined || (constant && isAlone(steps, values))) continue;
    // `value[x]` brings its own name: { valueQuantity } or { valueString }.
    if (steps.length === 1 && path.endsWith('[x]')) Object.assign(resource, value);
    else place(resource, steps, value);
  }
  const birthDate = resource.birthDate;
  if (mapping.resourceType === 'Patient' && typeof birthDate === 'string' && birthDate > reading.today) {
    const from = mapping.elements.birthDate;
    reading.report('files.birth-date-future', from && 'column' in from ? from.column : 'birthDate');
    return [];
  }
  // Nothing to name it by: the missing key column has been reported as required, or the row has no such thing.
  if (key === '') return [];
  const whole = { resourceType: mapping.resourceType, ...(prune(resource) as object | undefined) } as Resource;
  return [
    {
      key,
      resource: whole,
      stamp,
      merge: mapping.merge ?? 'replace',
      ...(mapping.nobody || !person ? {} : { person }),
    },
  ];
}

type Placed = { steps: (string | number)[]; constant: boolean; value: unknown };

/** A constant beside cells that are all empty says nothing: the system of a telephone number that is not there. */
function isAlone(steps: (string | number)[], values: readonly Placed[]): boolean {
  if (steps.length === 1) return false;
  const parent = steps.slice(0, -1);
  const beside = values.filter(
    (one) =>
      !one.constant && one.steps.length >= steps.length && parent.every((step, index) => one.steps[index] === step),
  );
  return beside.length > 0 && beside.every(({ value }) => value === undefined);
}
