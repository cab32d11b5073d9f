import type { Terminology } from '../../../core/terminology/index.ts';
import type { Resource } from '../../fact.ts';

/** One code of one edition, from the platform's own terminology or from a CodeSystem that somebody stored. */
export type Code = {
  system: string;
  version: string | undefined;
  code: string;
  display: string;
  /** Names in other languages, by language tag. */
  others: readonly { language: string; value: string }[];
  from?: string | undefined;
  to?: string | undefined;
  properties: Readonly<Record<string, string>>;
};
export type SystemView = {
  url: string;
  title: string;
  /** Every code of the standard is there; otherwise an absent code is unknown, not wrong. */
  complete: boolean;
  /** Newest edition first. */
  codes: readonly Code[];
  ancestors(code: string): string[];
};

type DefinitionType = 'CodeSystem' | 'ValueSet' | 'ConceptMap' | 'StructureDefinition';
/** Where definitions come from. `stored` finds what is in the record under an address, newest first. */
export type Sources = {
  terminology: Terminology;
  stored(type: DefinitionType, url: string, version: string | undefined): Promise<Resource | undefined>;
  byId(type: DefinitionType, id: string): Promise<Resource | undefined>;
};

/** A code system with the codes of one edition, or of all; undefined when nobody has defined it. */
export async function systemView(
  sources: Sources,
  url: string,
  version: string | undefined,
): Promise<SystemView | undefined> {
  const { terminology } = sources;
  const editions = terminology.editions(url).filter((one) => version === undefined || one.version === version);
  const [newest] = editions;
  if (newest) {
    const rank = new Map(editions.map((one, index) => [one.version, index]));
    const codes = terminology
      .concepts(url)
      .filter((one) => rank.has(one.version))
      .sort((a, b) => (rank.get(a.version) ?? 0) - (rank.get(b.version) ?? 0))
      .map(
        ({ system, code, zh, en, from, to, properties, version: edition }): Code => ({
          system,
          version: edition,
          code,
          display: zh,
          others: [{ language: 'en', value: en }],
          from,
          to,
          properties,
        }),
      );
    return {
      url,
      title: newest.zh,
      complete: newest.content === 'complete',
      codes,
      ancestors: (code) => terminology.ancestors(url, code),
    };
  }
  if (terminology.editions(url).length > 0) return undefined;
  const stored = await sources.stored('CodeSystem', url, version);
  return stored && viewOf(stored, url);
}

type StoredConcept = {
  code?: string;
  display?: string;
  designation?: { language?: string; value?: string }[];
  property?: { code?: string; [value: string]: unknown }[];
  concept?: StoredConcept[];
};

function viewOf(stored: Resource, url: string): SystemView {
  const parents = new Map<string, string[]>();
  const codes: Code[] = [];
  const walk = (concepts: readonly StoredConcept[], above: string[]): void => {
    for (const { code, display, designation, property, concept } of concepts) {
      if (code === undefined) continue;
      const properties = Object.fromEntries((property ?? []).flatMap((one) => propertyOf(one)));
      parents.set(code, properties.parent === undefined ? above : [properties.parent]);
      codes.push({
        system: url,
        version: stored.version as string | undefined,
        code,
        display: display ?? code,
        others: (designation ?? []).flatMap(({ language, value }) =>
          language !== undefined && value !== undefined ? [{ language, value }] : [],
        ),
        properties,
      });
      walk(concept ?? [], [code, ...above]);
    }
  };
  walk((stored.concept ?? []) as StoredConcept[], []);
  return {
    url,
    title: String(stored.title ?? stored.name ?? url),
    complete: stored.content === 'complete',
    codes,
    ancestors(code) {
      const found: string[] = [];
      for (let left = [...(parents.get(code) ?? [])]; left.length > 0 && found.length < 100; ) {
        const next = left.shift() as string;
        if (found.includes(next)) continue;
        found.push(next);
        left = [...left, ...(parents.get(next) ?? [])];
      }
      return found;
    },
  };
}

function propertyOf({ code, ...value }: { code?: string; [value: string]: unknown }): [string, string][] {
  const key = Object.keys(value).find((one) => one.startsWith('value'));
  const held = key === undefined ? undefined : value[key];
  return code !== undefined && (typeof held === 'string' || typeof held === 'number' || typeof held === 'boolean')
    ? [[code, String(held)]]
    : [];
}

/** 'any': of whatever edition; a day (`YYYY-MM-DD`): valid on it. */
export type When = string | 'any';
export const isValid = ({ from, to }: Code, when: When): boolean =>
  when === 'any' || ((from === undefined || from <= when) && (to === undefined || when <= to));

/** The newest edition's code that is valid then. */
export const codeIn = (view: SystemView, code: string, when: When): Code | undefined =>
  view.codes.find((one) => one.code === code && isValid(one, when));
