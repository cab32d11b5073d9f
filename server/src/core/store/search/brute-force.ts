import {
  type DateTerm,
  type DateValue,
  extractSearchValues,
  type Filter,
  fold,
  type NumberTerm,
  type QuantityTerm,
  type QuantityValue,
  type ReferenceValue,
  type ResourceType,
  type SearchValue,
  type SimpleFilter,
  type TokenTerm,
  type TokenValue,
} from '@hutong/fhir';
import { shippedTerminology } from '../../terminology/index.ts';
import { defaultMetres } from './compile-range.ts';

/** Test support: what a search means (libs/fhir's query.ts, FHIR R4 §3.1.1), by looking at every value of every row. No index, no SQL. */

export type Row = {
  type: ResourceType;
  id: string;
  values: SearchValue[];
  narrative: string;
  texts: string[];
  received: number;
};
export const rowOf = (resource: { resourceType: ResourceType; id: string }, received: number): Row => ({
  type: resource.resourceType,
  id: resource.id,
  values: extractSearchValues(resource),
  narrative: (resource as { text?: { div?: string } }).text?.div ?? '',
  texts: leaves(resource),
  received,
});

/** Whatever is written anywhere in a resource. */
const leaves = (value: unknown): string[] =>
  typeof value === 'string' || typeof value === 'number'
    ? [String(value)]
    : Object.values(value ?? {}).flatMap((inner) => leaves(inner));

const ucum = 'http://unitsofmeasure.org';

const token = (term: TokenTerm, value: { system: string | undefined; code: string | undefined }): boolean =>
  value.code !== undefined &&
  (term.system === undefined || (term.system ?? undefined) === value.system) &&
  (term.code === undefined || term.code === value.code);

function date({ prefix, start, end }: DateTerm, value: DateValue): boolean {
  const inside = start <= value.start && value.end <= end;
  switch (prefix) {
    case 'eq':
      return inside;
    case 'ne':
      return !inside;
    case 'gt':
      return value.end > end;
    case 'lt':
      return value.start < start;
    case 'ge':
      return value.end > end || inside;
    case 'le':
      return value.start < start || inside;
    case 'sa':
      return value.start >= end;
    case 'eb':
      return value.end <= start;
    case 'ap':
      throw new Error('the width of ap is the server’s own');
  }
}

function number({ prefix, value, low, high }: NumberTerm, range: { low: number; high: number }): boolean {
  switch (prefix) {
    case 'eq':
      return range.low >= low && range.high < high;
    case 'ne':
      return !(range.low >= low && range.high < high);
    case 'gt':
      return range.high > value;
    case 'ge':
      return range.high >= value;
    case 'lt':
      return range.low < value;
    case 'le':
      return range.low <= value;
    case 'sa':
      return range.low > value;
    case 'eb':
      return range.high < value;
    case 'ap':
      return range.low < high && range.high > low;
  }
}

function quantity(term: QuantityTerm, value: QuantityValue): boolean {
  if (term.code === undefined) return number(term, value);
  if (term.system === undefined) return (value.code === term.code || value.unit === term.code) && number(term, value);
  if (value.system !== term.system || value.code === undefined) return false;
  if (value.code === term.code) return number(term, value);
  if (term.system !== ucum) return false;
  const factor = shippedTerminology().convert(1, term.code, value.code);
  return (
    factor.ok &&
    number(
      { ...term, value: term.value * factor.value, low: term.low * factor.value, high: term.high * factor.value },
      value,
    )
  );
}

const reference = (
  term: {
    type: ResourceType | undefined;
    id: string | undefined;
    url: string | undefined;
    version: string | undefined;
  },
  value: ReferenceValue,
): boolean =>
  (term.version === undefined || term.version === value.version) &&
  (term.url !== undefined
    ? value.url === term.url
    : value.url === undefined && value.id === term.id && (term.type === undefined || value.type === term.type));

/** One value against a filter without modifier, as in a composite. */
function simple(filter: SimpleFilter, value: SearchValue): boolean {
  if (filter.kind === 'token') return value.kind === 'token' && filter.values.some((term) => token(term, value));
  if (filter.kind === 'reference')
    return value.kind === 'reference' && filter.values.some((term) => reference(term, value));
  if (filter.kind === 'date') return value.kind === 'date' && filter.values.some((term) => date(term, value));
  if (filter.kind === 'number') return value.kind === 'number' && filter.values.some((term) => number(term, value));
  if (filter.kind === 'quantity')
    return value.kind === 'quantity' && filter.values.some((term) => quantity(term, value));
  if (filter.kind === 'uri')
    return (
      value.kind === 'uri' &&
      filter.values.some((term) => {
        if (filter.match === 'is') return value.value === term;
        const [whole, beginning] = filter.match === 'below' ? [value.value, term] : [term, value.value];
        return whole === beginning || whole.startsWith(`${beginning.replace(/\/$/, '')}/`);
      })
    );
  return (
    value.kind === 'string' &&
    filter.values.some((term) => {
      if (filter.match === 'exact') return value.value === term.value;
      if (filter.match === 'equals') return value.folded === term.folded;
      return filter.match === 'contains'
        ? value.folded.includes(term.folded)
        : filter.match === 'ends'
          ? value.folded.endsWith(term.folded)
          : value.folded.startsWith(term.folded);
    })
  );
}

/** What the model is told of terminologies, as the search is. */
export type Known = {
  expand?: (valueSet: string) => readonly { system: string; code: string; below?: boolean }[] | undefined;
  related?: (system: string, code: string, direction: 'above' | 'below') => readonly string[] | undefined;
};

/** ICD-10 by its letters alone: a code is below another when it begins with it, dots left out, at a place where a level ends. */
function isBelowIcd10(code: string, above: string): boolean {
  const places = (one: string): string => one.replace('.', '');
  const levels = [3, 4, 6, places(code).length];
  return places(code).startsWith(places(above)) && levels.includes(places(above).length);
}

function subsumes(term: TokenTerm, value: TokenValue, direction: 'above' | 'below', known: Known): boolean {
  if (value.system !== term.system || value.code === undefined || term.code === undefined) return false;
  if (term.system === 'http://hl7.org/fhir/sid/icd-10')
    return direction === 'below' ? isBelowIcd10(value.code, term.code) : isBelowIcd10(term.code, value.code);
  return known.related?.(String(term.system), term.code, direction)?.includes(value.code) ?? false;
}

/** Everything that is part of `start`, or that it is part of, by walking the whole world again and again. */
function family(start: string, direction: 'above' | 'below', world: readonly Row[]): Set<string> {
  const found = new Set([start]);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { type, id, values } of world)
      for (const value of values) {
        if (
          value.kind !== 'reference' ||
          (value.param !== 'partof' && value.param !== 'part-of') ||
          value.type !== type
        )
          continue;
        const [child, parent] = [`${type}/${id}`, `${value.type}/${value.id}`];
        const isSeen = world.some((row) => `${row.type}/${row.id}` === parent);
        if (direction === 'below' && found.has(parent)) found.add(child);
        if (direction === 'above' && found.has(child) && isSeen) found.add(parent);
      }
  }
  return found;
}

/** Words without an index: the narrative's text, cut where anything but letters and digits stands; Chinese by whether its pairs stand anywhere. */
function hasWords(narrative: string, asked: string): boolean {
  const text = fold(narrative.replace(/<[^>]*>/g, ' '));
  const words = text.split(/[^\p{L}\p{N}]+|(?<=\p{Script=Han})|(?=\p{Script=Han})/u);
  const wanted = fold(asked)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((one) => one !== '');
  return (
    wanted.length > 0 &&
    wanted.every((one) => {
      if (!/^\p{Script=Han}/u.test(one)) return words.includes(one);
      return one.length === 1
        ? text.includes(one)
        : [...one].slice(1).every((_, at) => text.includes(one.slice(at, at + 2)));
    })
  );
}

type Place = { latitude: number; longitude: number };
/** Along a great circle of the mean earth, by the angle between the two places' directions. */
function distance(a: Place, b: Place): number {
  const direction = ({ latitude, longitude }: Place): [number, number, number] => {
    const [lat, lon] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
    return [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)];
  };
  const [x, y] = [direction(a), direction(b)];
  const chord = Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
  return 2 * 6_371_009 * Math.asin(Math.min(1, chord / 2));
}

export function isMatch(filter: Filter, row: Row, world: readonly Row[], known: Known = {}): boolean {
  const of = (param: string): SearchValue[] => row.values.filter((value) => value.param === param);
  const targets = (value: SearchValue, type: ResourceType): Row[] =>
    value.kind === 'reference' && value.url === undefined && value.type === type
      ? world.filter((other) => other.type === type && other.id === value.id)
      : [];
  switch (filter.kind) {
    case 'token':
      return of(filter.param).some((value) => simple({ ...filter, negate: false }, value)) !== filter.negate;
    case 'token-text':
      return of(filter.param).some(
        (value) => value.kind === 'token' && filter.values.some(({ folded }) => foldedText(value).startsWith(folded)),
      );
    case 'token-of-type':
      return of(filter.param).some(
        (value) =>
          value.kind === 'token' &&
          filter.values.some(
            (term) =>
              value.code === term.value &&
              (value.types ?? []).some(({ system, code }) => system === term.system && code === term.code),
          ),
      );
    case 'reference-identifier':
      return of(filter.param).some(
        (value) =>
          value.kind === 'reference' &&
          value.identifier &&
          filter.values.some((term) =>
            token(term, { system: value.identifier?.system, code: value.identifier?.value }),
          ),
      );
    case 'composite':
      return of(filter.param).some(
        (value) =>
          value.kind === 'composite' &&
          filter.values.some((tuple) =>
            tuple.every((part, index) => (value.parts[index] ?? []).some((one) => simple(part, one))),
          ),
      );
    case 'missing':
      return (of(filter.param).length === 0) === filter.missing;
    case 'chain':
      return of(filter.param).some((value) =>
        filter.branches.some(({ type, filter: inner }) =>
          targets(value, type).some((target) => isMatch(inner, target, world, known)),
        ),
      );
    case 'has':
      return world.some(
        (other) =>
          other.type === filter.type &&
          other.values.some((value) => value.param === filter.param && targets(value, row.type).includes(row)) &&
          isMatch(filter.filter, other, world, known),
      );
    case 'list':
      return world.some(
        (other) =>
          other.type === 'List' &&
          other.id === filter.id &&
          other.values.some((value) => value.param === 'item' && targets(value, row.type).includes(row)),
      );
    case 'token-set': {
      const members = filter.valueSets.flatMap((valueSet) => known.expand?.(valueSet) ?? []);
      const isIn = of(filter.param).some(
        (value) =>
          value.kind === 'token' &&
          members.some(
            ({ system, code, below }) =>
              value.system === system &&
              (value.code === code || (below === true && value.code !== undefined && isBelowIcd10(value.code, code))),
          ),
      );
      return isIn !== filter.negate;
    }
    case 'token-subsumes':
      return of(filter.param).some(
        (value) =>
          value.kind === 'token' && filter.values.some((term) => subsumes(term, value, filter.direction, known)),
      );
    case 'near':
      return of(filter.param).some(
        (value) =>
          value.kind === 'position' &&
          filter.values.some((place) => distance(place, value) <= (place.metres ?? defaultMetres)),
      );
    case 'full-text':
      return filter.values.some(({ value }) => {
        if (filter.scope === 'narrative') return hasWords(row.narrative, value);
        const words = fold(value)
          .split(/[^\p{L}\p{N}]+|(?<=\p{Script=Han})(?!\p{Script=Han})|(?<!\p{Script=Han})(?=\p{Script=Han})/u)
          .filter((one) => one !== '');
        return words.length > 0 && words.every((one) => row.texts.some((text) => hasWords(text, one)));
      });
    case 'and':
      return filter.filters.every((inner) => isMatch(inner, row, world, known));
    case 'or':
      return filter.filters.some((inner) => isMatch(inner, row, world, known));
    case 'not':
      return !isMatch(filter.filter, row, world, known);
    case 'reference':
      if (filter.direction) {
        const { direction } = filter;
        const wanted = filter.values.flatMap(({ type, id }) => [...family(`${type}/${id}`, direction, world)]);
        return of(filter.param).some(
          (value) =>
            value.kind === 'reference' && value.url === undefined && wanted.includes(`${value.type}/${value.id}`),
        );
      }
      return of(filter.param).some((value) => simple(filter, value));
    case 'string':
    case 'date':
    case 'number':
    case 'quantity':
    case 'uri':
      return of(filter.param).some((value) => simple(filter, value));
  }
}

const foldedText = ({ text }: TokenValue): string =>
  (text ?? '\uffff')
    .normalize('NFKD')
    .replace(/\p{Mn}+/gu, '')
    .toLowerCase();
