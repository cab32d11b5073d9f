import {
  type CompositeValue,
  extractSearchValues,
  fold,
  type QuantityValue,
  type ResourceType,
  type SearchValue,
  type TokenValue,
} from '@hutong/fhir';
import { icd10Ancestors, isIcd10 } from '../terminology/index.ts';
import { bucketsOf, bucketToken } from './buckets.ts';
import { resourceKey } from './keys.ts';
import { beginningsOf, narrativeWords } from './narrative-words.ts';
import { byColumn, compositeForm, fullText, hasUriIndex, presenceBit, stringLength, unionOf } from './search-layout.ts';
import {
  exactToken,
  identifierToken,
  narrativeToken,
  ofTypeToken,
  pairedNumber,
  pairToken,
  paramNumber,
  referenceToken,
  systemToken,
  tokenOf,
  unitToken,
  versionToken,
} from './tokens.ts';

/** What of a resource goes into the index: hashes for equality, folded strings for prefixes, ranges for dates and numbers. */
export type IndexValues = {
  tokens: bigint[];
  strings: { param: number; value: string }[];
  ranges: { param: number; low: number; high: number; unit: bigint }[];
  /** One bit for each search parameter that has a value. */
  present: bigint;
};

export const noIndexValues: IndexValues = { tokens: [], strings: [], ranges: [], present: 0n };

type Draft = {
  type: ResourceType;
  tokens: Set<bigint>;
  strings: IndexValues['strings'];
  ranges: IndexValues['ranges'];
};

/** PostgreSQL's float8 carries infinities, but a btree of them in the middle of dates helps nobody. */
export const finite = (value: number): number => Math.max(-8.64e15, Math.min(8.64e15, value));

/** @param resource a validated resource with its id */
export function indexValuesOf(resource: object): IndexValues {
  const { resourceType: type } = resource as { resourceType: ResourceType };
  const draft: Draft = { type, tokens: new Set(), strings: [], ranges: [] };
  let present = 0n;
  let last = '';
  const narrative = (resource as { text?: { div?: unknown } }).text?.div;
  for (const word of typeof narrative === 'string' ? narrativeWords(narrative) : [])
    draft.tokens.add(narrativeToken(type, word));
  for (const value of extractSearchValues(resource)) {
    const { param } = value;
    if (fullText.has(param)) continue;
    if (param !== last) {
      present |= presenceBit(type, param);
      last = param;
    }
    if (!byColumn.has(param) && !unionOf(type, param)) add(draft, value);
  }
  return {
    tokens: [...draft.tokens],
    present,
    strings: distinct(draft.strings, ({ param, value }) => `${param}|${value}`),
    ranges: distinct(draft.ranges, ({ param, low, high, unit }) => `${param}|${low}|${high}|${unit}`),
  };
}

const distinct = <T>(list: T[], nameOf: (item: T) => string): T[] =>
  list.length < 2 ? list : [...new Map(list.map((item) => [nameOf(item), item])).values()];

function add(draft: Draft, value: SearchValue): void {
  const { type, tokens, strings, ranges } = draft;
  const { param } = value;
  switch (value.kind) {
    case 'token':
      addToken(draft, value);
      return;
    case 'reference':
      for (const word of referenceWords(type, param, value)) tokens.add(word);
      if (value.identifier?.value !== undefined) {
        tokens.add(identifierToken(type, param, value.identifier.system ?? '', value.identifier.value));
        tokens.add(identifierToken(type, param, null, value.identifier.value));
      }
      if (value.identifier?.system !== undefined)
        tokens.add(systemToken(type, `${param}:identifier`, value.identifier.system));
      return;
    case 'uri':
      tokens.add(tokenOf(type, param, null, value.value));
      if (hasUriIndex(type, param))
        strings.push({ param: paramNumber(type, param), value: value.value.slice(0, stringLength) });
      else
        for (const beginning of beginningsOf(value.value)) tokens.add(tokenOf(type, `${param}:below`, null, beginning));
      return;
    case 'string':
      strings.push({ param: paramNumber(type, param), value: value.folded.slice(0, stringLength) });
      tokens.add(exactToken(type, param, value.value));
      return;
    case 'date':
      ranges.push({ param: paramNumber(type, param), low: finite(value.start), high: finite(value.end), unit: 0n });
      return;
    case 'number':
      ranges.push({ param: paramNumber(type, param), low: finite(value.low), high: finite(value.high), unit: 0n });
      return;
    case 'quantity':
      addQuantity(ranges, paramNumber(type, param), value);
      return;
    case 'position':
      ranges.push({ param: paramNumber(type, param), low: value.latitude, high: value.longitude, unit: 0n });
      return;
    case 'composite':
      if (compositeForm(type, param) === 'pairs') addPairs(draft, value);
      else if (compositeForm(type, param) === 'spans') addSpans(draft, value);
      else addBuckets(draft, value);
  }
}

function addToken({ type, tokens, strings }: Draft, { param, system, code, text, types }: TokenValue): void {
  if (text !== undefined)
    strings.push({ param: paramNumber(type, `${param}:text`), value: fold(text).slice(0, stringLength) });
  if (code === undefined) return;
  tokens.add(tokenOf(type, param, system ?? '', code));
  tokens.add(tokenOf(type, param, null, code));
  if (system !== undefined) tokens.add(systemToken(type, param, system));
  // National codes that nobody has listed lie below WHO's all the same: the hierarchy is in the code.
  if (system !== undefined && isIcd10(system))
    for (const above of icd10Ancestors(code)) tokens.add(tokenOf(type, `${param}:below`, system, above));
  for (const { system: typeSystem, code: typeCode } of types ?? [])
    if (typeSystem !== undefined && typeCode !== undefined)
      tokens.add(ofTypeToken(type, param, typeSystem, typeCode, code));
}

/** A local reference by its key, any other by its address; a version has a word of its own. */
function referenceWords(
  type: string,
  param: string,
  { type: target, id, url, version }: Extract<SearchValue, { kind: 'reference' }>,
): bigint[] {
  const words: bigint[] = [];
  if (url !== undefined) words.push(tokenOf(type, param, null, url));
  else if (target && id) words.push(referenceToken(type, param, resourceKey(target, id)));
  else return words;
  if (version !== undefined) words.push(versionToken(type, param, url ?? `${target}/${id}`, version));
  return words;
}

function addQuantity(
  ranges: IndexValues['ranges'],
  param: number,
  { low, high, system, code, unit }: QuantityValue,
): void {
  const range = { param, low: finite(low), high: finite(high) };
  const words = new Set([
    ...(code !== undefined ? [unitToken(system ?? '', code), unitToken(null, code)] : []),
    ...(unit !== undefined ? [unitToken(null, unit)] : []),
  ]);
  if (words.size === 0) words.add(0n);
  for (const word of words) ranges.push({ ...range, unit: word });
}

/** Every word that a search may give for the first part of a tuple. */
function firstWords(type: string, param: string, value: CompositeValue['parts'][0][0]): bigint[] {
  const name = `${param}$1`;
  if (value.kind === 'token')
    return value.code === undefined
      ? []
      : [tokenOf(type, name, value.system ?? '', value.code), tokenOf(type, name, null, value.code)];
  return value.kind === 'reference' ? referenceWords(type, name, value) : [];
}

/** One row for each tuple of a code and two numbers: the first is its low, the second its high. */
function addSpans({ type, ranges }: Draft, { param, parts }: CompositeValue): void {
  const [firsts = [], lows = [], highs = []] = parts;
  for (const first of new Set(firsts.flatMap((value) => firstWords(type, param, value))))
    for (const low of lows)
      for (const high of highs)
        if (low.kind === 'number' && high.kind === 'number')
          ranges.push({ param: pairedNumber(first), low: finite(low.low), high: finite(high.high), unit: 0n });
}

/** The resource's own code and value are stored apart; beside them, how large the value is for that code. */
function addBuckets({ type, tokens }: Draft, { param, parts }: CompositeValue): void {
  const [firsts = [], seconds = []] = parts;
  for (const second of seconds)
    if (second.kind === 'quantity')
      for (const bucket of bucketsOf(second.low, second.high))
        for (const first of firsts)
          for (const word of firstWords(type, param, first)) tokens.add(bucketToken(word, bucket));
}

function addPairs({ type, tokens, strings, ranges }: Draft, { param, parts }: CompositeValue): void {
  const [firsts = [], seconds = []] = parts;
  for (const first of new Set(firsts.flatMap((value) => firstWords(type, param, value))))
    for (const second of seconds) {
      if (second.kind === 'token' && second.code !== undefined) {
        tokens.add(pairToken(first, tokenOf('', '', second.system ?? '', second.code)));
        tokens.add(pairToken(first, tokenOf('', '', null, second.code)));
      } else if (second.kind === 'quantity') addQuantity(ranges, pairedNumber(first), second);
      else if (second.kind === 'date')
        ranges.push({ param: pairedNumber(first), low: finite(second.start), high: finite(second.end), unit: 0n });
      else if (second.kind === 'string')
        strings.push({ param: pairedNumber(first), value: second.folded.slice(0, stringLength) });
    }
}
