import { extractSearchValues, type SearchValue } from '@hutong/fhir';
import { resourceKey } from './keys.ts';
import { identifierToken, paramNumber, referenceToken, tokenOf } from './tokens.ts';

/** What of a resource goes into the index: hashes for equality, folded strings for prefixes, ranges for dates and numbers. */
export type IndexValues = {
  tokens: bigint[];
  strings: { param: number; value: string }[];
  ranges: { param: number; low: number; high: number; unit: bigint }[];
};

/** A prefix search looks at this many characters; longer text would only bloat the index. */
const stringLength = 64;
/** Texts that nobody searches from their beginning, and which would double the index. */
const leftOut = new Set(['_text', '_content']);
/** PostgreSQL's float8 carries infinities, but a btree of them in the middle of dates helps nobody. */
const finite = (value: number): number => Math.max(-8.64e15, Math.min(8.64e15, value));

/** @param resource a validated resource with its id */
export function indexValuesOf(resource: object): IndexValues {
  const type = (resource as { resourceType: string }).resourceType;
  const tokens = new Set<bigint>();
  const strings: IndexValues['strings'] = [];
  const ranges: IndexValues['ranges'] = [];
  for (const value of extractSearchValues(resource)) if (!leftOut.has(value.param)) add(type, value, tokens, strings, ranges);
  return { tokens: [...tokens], strings: distinct(strings, ({ param, value }) => `${param}|${value}`), ranges: distinct(ranges, ({ param, low, high, unit }) => `${param}|${low}|${high}|${unit}`) };
}

const distinct = <T>(list: T[], nameOf: (item: T) => string): T[] =>
  list.length < 2 ? list : [...new Map(list.map((item) => [nameOf(item), item])).values()];

function add(type: string, value: SearchValue, tokens: Set<bigint>, strings: IndexValues['strings'], ranges: IndexValues['ranges']): void {
  const { param } = value;
  switch (value.kind) {
    case 'token':
      if (value.code === undefined) return;
      tokens.add(tokenOf(type, param, value.system ?? '', value.code));
      tokens.add(tokenOf(type, param, null, value.code));
      return;
    case 'reference':
      if (value.type && value.id && !value.url) tokens.add(referenceToken(type, param, resourceKey(value.type, value.id)));
      else if (value.url) tokens.add(tokenOf(type, param, null, value.url));
      if (value.identifier?.value !== undefined) {
        tokens.add(identifierToken(type, param, value.identifier.system ?? '', value.identifier.value));
        tokens.add(identifierToken(type, param, null, value.identifier.value));
      }
      return;
    case 'uri':
      tokens.add(tokenOf(type, param, null, value.value));
      return;
    case 'string':
      strings.push({ param: paramNumber(type, param), value: value.folded.slice(0, stringLength) });
      return;
    case 'date':
      ranges.push({ param: paramNumber(type, param), low: finite(value.start), high: finite(value.end), unit: 0n });
      return;
    case 'number':
      ranges.push({ param: paramNumber(type, param), low: finite(value.low), high: finite(value.high), unit: 0n });
      return;
    case 'quantity':
      ranges.push({ param: paramNumber(type, param), low: finite(value.low), high: finite(value.high), unit: tokenOf(type, param, value.system ?? '', value.code ?? value.unit ?? '') });
      return;
    default:
      // Composites and positions are searched by the record core's own work, not yet here.
      return;
  }
}
