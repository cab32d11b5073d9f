import { expandValueSet } from './expand.ts';
import { ancestorsOf } from './hierarchy.ts';
import {
  type CodeSystem,
  type Concept,
  isValidAt,
  type Mapping,
  type TerminologyData,
  type ValueSet,
} from './model.ts';
import { searchConcepts } from './search.ts';
import { type Converted, convertUnits, ucumCode } from './units.ts';

export type Validation =
  | { ok: true; concept: Concept }
  | { ok: false; reason: 'unknown-system' | 'unknown-code' | 'not-yet-valid' | 'retired' };

/** A local code in standard terms; `display` and `unit` are the institution's own words for it. */
export type Translated = Pick<Mapping, 'equivalence' | 'display' | 'unit'> & {
  system: string;
  code: string;
  /** The target, when this platform carries it. */
  concept?: Concept;
};

export type Language = 'zh' | 'en';

export type Terminology = {
  /** Editions of a system, newest first; [] when it is not carried. */
  editions(system: string): readonly CodeSystem[];
  /** The newest edition's concept that is valid on day `at` (`YYYY-MM-DD`); without `at` the newest that has the code at all. */
  lookup(system: string, code: string, at?: string): Concept | undefined;
  /** As lookup, but says why not. Without `at` a code of an old edition is `ok`. */
  validate(system: string, code: string, at?: string): Validation;
  /** Crosswalk of `institution` ('' between standard systems), on day `at` or of today's open entries; [] when there is none. */
  translate(institution: string, localSystem: string, code: string, at?: string): Translated[];
  display(system: string, code: string, language: Language): string | undefined;
  /** Concepts of a value set valid on day `at`, or of the newest editions; undefined when the url is unknown. */
  expand(valueSet: string, at?: string): Concept[] | undefined;
  /** Every code of every edition of a system; [] when it is not carried. */
  concepts(system: string): readonly Concept[];
  /** What a code lies below in its system, nearest first; [] at the top, and in a system without a hierarchy. */
  ancestors(system: string, code: string): string[];
  /** The code and the carried ones above or below it; undefined when the system is not carried. */
  related(system: string, code: string, direction: 'above' | 'below'): string[] | undefined;
  /** Crosswalks between standard systems, for reading them whole; local tables are asked for by `translate`. */
  crosswalks(): readonly Mapping[];
  /** Value sets as they are defined. */
  valueSets(): readonly ValueSet[];
  /** Systems in all their editions. */
  systems(): readonly CodeSystem[];
  /** Code prefix, part of the Chinese name, or beginnings of English words; best match first. */
  search(system: string, text: string, limit?: number): Concept[];
  /** UCUM code of a unit as written, or undefined. */
  unit(written: string): string | undefined;
  /** Units as written or in UCUM; `analyteLoinc` gives the molecular weight between mass and moles. */
  convert(value: number, fromUnit: string, toUnit: string, analyteLoinc?: string): Converted;
};

const LOINC = 'http://loinc.org';

/** A reader over data that lie in memory: from the data files (tests, the border) or from the tables. Pure. */
export function terminologyFrom(data: TerminologyData): Terminology {
  const editions = new Map<string, CodeSystem[]>();
  for (const system of data.systems) push(editions, system.uri, system);
  for (const list of editions.values()) list.sort((a, b) => (a.from < b.from ? 1 : -1));
  const concepts = new Map<string, Concept[]>();
  const bySystem = new Map<string, Concept[]>();
  for (const concept of data.concepts) {
    push(concepts, `${concept.system}|${concept.code}`, concept);
    push(bySystem, concept.system, concept);
  }
  for (const list of concepts.values()) list.sort(newestFirst);
  const maps = new Map<string, Mapping[]>();
  for (const map of data.maps) push(maps, mapKey(map.institution, map.sourceSystem, map.sourceCode), map);

  const all = (system: string, code: string): Concept[] => concepts.get(`${system}|${code}`) ?? [];
  const lookup: Terminology['lookup'] = (system, code, at) =>
    at === undefined ? all(system, code)[0] : all(system, code).find((concept) => isValidAt(concept, at));

  const ancestors: Terminology['ancestors'] = (system, code) =>
    ancestorsOf(system, code, (one) => lookup(system, one)?.properties.parent);

  return {
    editions: (system) => editions.get(system) ?? [],
    lookup,
    validate(system, code, at) {
      if (!editions.has(system)) return { ok: false, reason: 'unknown-system' };
      const found = all(system, code);
      if (found.length === 0) return { ok: false, reason: 'unknown-code' };
      const concept = lookup(system, code, at);
      if (concept) return { ok: true, concept };
      return { ok: false, reason: found.every(({ from }) => from > at!) ? 'not-yet-valid' : 'retired' };
    },
    translate(institution, localSystem, code, at) {
      const found = maps.get(mapKey(institution, localSystem, code)) ?? [];
      const valid = found.filter((map) => (at === undefined ? map.to === undefined : isValidAt(map, at)));
      return valid.map(({ targetSystem, targetCode, equivalence, display, unit }) => {
        const concept = lookup(targetSystem, targetCode, at);
        return {
          system: targetSystem,
          code: targetCode,
          equivalence,
          ...(display === undefined ? {} : { display }),
          ...(unit === undefined ? {} : { unit }),
          ...(concept ? { concept } : {}),
        };
      });
    },
    display: (system, code, language) => lookup(system, code)?.[language],
    expand(url, at) {
      const valueSet = data.valueSets.find((one) => one.url === url);
      return valueSet && expandValueSet(valueSet, (system) => bySystem.get(system) ?? [], at);
    },
    concepts: (system) => bySystem.get(system) ?? [],
    ancestors,
    related(system, code, direction) {
      if (!editions.has(system)) return undefined;
      if (direction === 'above') return [code, ...ancestors(system, code)];
      const below = (bySystem.get(system) ?? []).filter((one) => ancestors(system, one.code).includes(code));
      return [...new Set([code, ...below.map((one) => one.code)])];
    },
    crosswalks: () => data.maps.filter(({ institution }) => institution === ''),
    valueSets: () => data.valueSets,
    systems: () => data.systems,
    search: (system, text, limit = 20) => searchConcepts(bySystem.get(system) ?? [], text, limit),
    unit: (written) => ucumCode(written, data.units),
    convert(value, fromUnit, toUnit, analyteLoinc) {
      const from = ucumCode(fromUnit, data.units);
      const to = ucumCode(toUnit, data.units);
      if (from === undefined || to === undefined) return { ok: false, reason: 'unknown-unit' };
      const weight = analyteLoinc === undefined ? undefined : lookup(LOINC, analyteLoinc)?.properties.molecularWeight;
      return convertUnits(value, from, to, weight === undefined ? undefined : Number(weight));
    },
  };
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** JSON, because a local code may hold any separator one could choose. */
function mapKey(institution: string, system: string, code: string): string {
  return JSON.stringify([institution, system, code]);
}

function newestFirst(a: Concept, b: Concept): number {
  return a.from < b.from ? 1 : a.from > b.from ? -1 : 0;
}
