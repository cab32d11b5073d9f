// Expands the value sets of required bindings into plain code lists.
import type { RawCodeSystem, RawConcept, RawInclude, RawValueSet } from './definitions.ts';

export type Terminology = { systems: Map<string, RawCodeSystem>; sets: Map<string, RawValueSet> };
/** system -> codes; or undefined when the set cannot be enumerated (MIME types, languages, SNOMED CT ...). */
export type Expansion = Map<string, Set<string>> | undefined;

function bare(url: string): string {
  return url.split('|')[0] ?? url;
}

function isAbstract(c: RawConcept): boolean {
  return (c.property ?? []).some(
    (p) => (p.code === 'notSelectable' || p.code === 'abstract') && p.valueBoolean === true,
  );
}

function collect(concepts: RawConcept[], keepAbstract: boolean, into: Set<string>): void {
  for (const c of concepts) {
    if (keepAbstract || !isAbstract(c)) into.add(c.code);
    collect(c.concept ?? [], keepAbstract, into);
  }
}

function find(concepts: RawConcept[], code: string): RawConcept | undefined {
  for (const c of concepts) {
    const hit = c.code === code ? c : find(c.concept ?? [], code);
    if (hit !== undefined) return hit;
  }
  return undefined;
}

/** Codes below `code`, by nesting and by the v3 `subsumedBy` property. */
function descendants(all: RawConcept[], code: string): Set<string> {
  const into = new Set<string>();
  collect(find(all, code)?.concept ?? [], true, into);
  const flat: RawConcept[] = [];
  const walk = (cs: RawConcept[]): void => {
    for (const c of cs) {
      flat.push(c);
      walk(c.concept ?? []);
    }
  };
  walk(all);
  for (let grew = true; grew; ) {
    grew = false;
    for (const c of flat) {
      const parents = (c.property ?? []).filter((p) => p.code === 'subsumedBy').map((p) => p.valueCode ?? '');
      if (!into.has(c.code) && parents.some((p) => p === code || into.has(p))) {
        into.add(c.code);
        grew = true;
      }
    }
  }
  return into;
}

function fromInclude(t: Terminology, inc: RawInclude, seen: Set<string>): Expansion {
  const result = new Map<string, Set<string>>();
  if (inc.system !== undefined) {
    if (inc.concept !== undefined) {
      result.set(inc.system, new Set(inc.concept.map((c) => c.code)));
    } else {
      const system = t.systems.get(inc.system);
      if (system?.content !== 'complete' || system.concept === undefined) return undefined;
      let codes = new Set<string>();
      // Abstract codes (Questionnaire item type "question") group others and may not be used.
      collect(system.concept, false, codes);
      for (const f of inc.filter ?? []) {
        if (f.property !== 'concept' || (f.op !== 'is-a' && f.op !== 'descendent-of')) return undefined;
        const below = descendants(system.concept, f.value);
        if (f.op === 'is-a') below.add(f.value);
        codes = codes.intersection(below);
      }
      result.set(inc.system, codes);
    }
  }
  for (const url of inc.valueSet ?? []) {
    const other = expand(t, url, seen);
    if (other === undefined) return undefined;
    if (inc.system === undefined && result.size === 0) for (const [s, codes] of other) result.set(s, new Set(codes));
    else for (const [s, codes] of result) result.set(s, codes.intersection(other.get(s) ?? new Set()));
  }
  return result;
}

export function expand(t: Terminology, url: string, seen: Set<string> = new Set()): Expansion {
  const key = bare(url);
  const set = t.sets.get(key);
  if (set?.compose === undefined || seen.has(key)) return undefined;
  const inside = new Set(seen).add(key);
  const result = new Map<string, Set<string>>();
  for (const inc of set.compose.include) {
    const part = fromInclude(t, inc, inside);
    if (part === undefined) return undefined;
    for (const [s, codes] of part) result.set(s, (result.get(s) ?? new Set()).union(codes));
  }
  for (const exc of set.compose.exclude ?? []) {
    const part = fromInclude(t, exc, inside);
    if (part === undefined) return undefined;
    for (const [s, codes] of part) result.set(s, (result.get(s) ?? new Set()).difference(codes));
  }
  return result;
}

/** The code systems a value set draws from, also where their codes cannot be listed. */
export function systemsOf(t: Terminology, url: string, seen: Set<string> = new Set()): Set<string> {
  const key = bare(url);
  if (seen.has(key)) return new Set();
  const inside = new Set(seen).add(key);
  return new Set(
    (t.sets.get(key)?.compose?.include ?? []).flatMap((inc) =>
      inc.system !== undefined ? [inc.system] : (inc.valueSet ?? []).flatMap((v) => [...systemsOf(t, v, inside)]),
    ),
  );
}
