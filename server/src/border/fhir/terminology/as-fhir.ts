import type {
  CodeSystem,
  Concept,
  Inclusion,
  Mapping,
  Terminology,
  ValueSet,
} from '../../../core/terminology/index.ts';
import type { Resource } from '../../fact.ts';

/** Ids of the platform's own definitions begin with this. */
export const ownPrefix = 'hutong-';
const publisher = 'Hutong 互通';
const loinc = 'http://loinc.org';
const loincNotice =
  'This material contains content from LOINC (http://loinc.org). LOINC is copyright © Regenstrief Institute, Inc. and the LOINC Committee and is available at no cost under the license at http://loinc.org/license.';

/** 'urn:hutong:value-set:sex' → 'sex'; 'http://hl7.org/fhir/sid/icd-10' → 'icd-10'. */
const lastStep = (url: string): string => url.slice(Math.max(url.lastIndexOf('/'), url.lastIndexOf(':')) + 1);
const idOf = (...parts: string[]): string =>
  `${ownPrefix}${parts.join('-')}`.replace(/[^A-Za-z0-9\-.]/g, '-').slice(0, 64);
/** Names are for programs (FHIR R4 `vsd-0`): a capital, then letters and digits. */
const nameOf = (text: string): string =>
  `Hutong${text.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9]?)/g, (_all, next: string) => next.toUpperCase())}`;

/** What the platform carries, as CodeSystem (one for each edition), ValueSet and ConceptMap. */
export function terminologyResources(terminology: Terminology): Resource[] {
  return [
    ...terminology.systems().map((system) => codeSystem(system, terminology)),
    ...terminology.valueSets().map(valueSet),
    ...conceptMaps(terminology.crosswalks()),
  ];
}

function codeSystem(system: CodeSystem, terminology: Terminology): Resource {
  // In an order of their own: what comes from the database has none, and must not look changed at every start.
  const concepts = terminology
    .concepts(system.uri)
    .filter(({ version }) => version === system.version)
    .sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : a.from < b.from ? -1 : 1));
  const carried = new Set(concepts.map(({ code }) => code));
  const above = (code: string): string | undefined =>
    terminology.ancestors(system.uri, code).find((ancestor) => carried.has(ancestor));
  const columns = [...new Set(concepts.flatMap(({ properties }) => Object.keys(properties)))]
    .filter((column) => column !== 'parent')
    .sort();
  return {
    resourceType: 'CodeSystem',
    id: idOf(lastStep(system.uri), system.version),
    language: 'zh-CN',
    url: system.uri,
    version: system.version,
    name: nameOf(system.en),
    title: system.zh,
    // An edition that has ended is still there: last year's record is read by last year's codes.
    status: system.to === undefined ? 'active' : 'retired',
    experimental: false,
    date: system.from,
    publisher,
    description: `${system.en}. ${system.source}`,
    ...(system.uri === loinc && { copyright: loincNotice }),
    caseSensitive: true,
    ...(concepts.some(({ code }) => above(code) !== undefined) && { hierarchyMeaning: 'is-a' }),
    content: system.content ?? 'fragment',
    count: concepts.length,
    property: [
      { code: 'from', description: 'First day of validity (Asia/Shanghai)', type: 'dateTime' },
      { code: 'to', description: 'Last day of validity (Asia/Shanghai)', type: 'dateTime' },
      { code: 'parent', uri: 'http://hl7.org/fhir/concept-properties#parent', type: 'code' },
      ...columns.map((code) => ({ code, type: 'string' })),
    ],
    concept: concepts.map((one) => conceptOf(one, above(one.code))),
  };
}

const byName = ([a]: [string, string], [b]: [string, string]): number => (a < b ? -1 : 1);

const conceptOf = ({ code, zh, en, from, to, properties }: Concept, parent: string | undefined): object => ({
  code,
  display: zh,
  designation: [{ language: 'en', value: en }],
  property: [
    { code: 'from', valueDateTime: from },
    ...(to === undefined ? [] : [{ code: 'to', valueDateTime: to }]),
    ...(parent === undefined ? [] : [{ code: 'parent', valueCode: parent }]),
    ...Object.entries(properties)
      .sort(byName)
      .flatMap(([column, value]) => (column === 'parent' ? [] : [{ code: column, valueString: value }])),
  ],
});

function valueSet({ url, zh, en, include }: ValueSet): Resource {
  return {
    resourceType: 'ValueSet',
    id: idOf(lastStep(url)),
    language: 'zh-CN',
    url,
    name: nameOf(lastStep(url)),
    title: zh,
    status: 'active',
    experimental: false,
    publisher,
    description: en,
    compose: { include: include.flatMap(composed) },
  };
}

function composed({ system, property, value, codes, below }: Inclusion): object[] {
  if (codes && below)
    return codes.map((code) => ({ system, filter: [{ property: 'concept', op: 'is-a', value: code }] }));
  if (codes) return [{ system, concept: codes.map((code) => ({ code })) }];
  if (property === undefined) return [{ system }];
  const filter = value === undefined ? { property, op: 'exists', value: 'true' } : { property, op: '=', value };
  return [{ system, filter: [filter] }];
}

const equivalences: Record<Mapping['equivalence'], string> = {
  equivalent: 'equivalent',
  wider: 'wider',
  narrower: 'narrower',
  inexact: 'inexact',
};
export const equivalenceOf = (equivalence: Mapping['equivalence']): string => equivalences[equivalence];

const arrowName = (map: Mapping): string =>
  [map.sourceSystem, map.targetSystem, map.sourceCode, map.targetCode].join('\n');

function conceptMaps(maps: readonly Mapping[]): Resource[] {
  const sorted = maps.toSorted((a, b) => (arrowName(a) < arrowName(b) ? -1 : 1));
  const groups = Map.groupBy(sorted, ({ sourceSystem, targetSystem }) => `${sourceSystem}\n${targetSystem}`);
  return [...groups.values()].map((group) => {
    const { sourceSystem: source, targetSystem: target } = group[0] as Mapping;
    const elements = Map.groupBy(group, ({ sourceCode }) => sourceCode);
    const name = `${lastStep(source)}-to-${lastStep(target)}`;
    return {
      resourceType: 'ConceptMap',
      id: idOf(name),
      url: `urn:hutong:concept-map:${name}`,
      name: nameOf(name),
      status: 'active',
      experimental: false,
      publisher,
      sourceUri: source,
      targetUri: target,
      group: [
        {
          source,
          target,
          element: [...elements].map(([code, arrows]) => ({
            code,
            target: arrows.map(({ targetCode, equivalence }) => ({
              code: targetCode,
              equivalence: equivalenceOf(equivalence),
            })),
          })),
        },
      ],
    };
  });
}
