import type { Structure, Surroundings } from '@hutong/fhir';
import type { Coding } from '../terminology/parameters.ts';
import { type Code, codeIn, type Sources, type SystemView, systemView } from '../terminology/systems.ts';
import { type Compiled, compileValueSet, findValueSet, isTrouble } from '../terminology/value-sets.ts';

/** Codes of an element, whatever its type: a code, a Coding, a CodeableConcept, a Quantity. */
function codingsIn(value: unknown): Coding[] {
  if (typeof value === 'string') return [{ code: value }];
  if (typeof value !== 'object' || value === null) return [];
  const { coding, system, code } = value as { coding?: Coding[]; system?: string; code?: string };
  if (Array.isArray(coding)) return coding;
  return code === undefined ? [] : [{ code, ...(system !== undefined && { system }) }];
}

/** What a profile refers to, from the platform's definitions and those that institutions have stored; each is looked up once per validation. */
export function surroundingsOf(sources: Sources): Surroundings {
  const sets = new Map<string, Promise<Compiled | undefined>>();
  const systems = new Map<string, Promise<SystemView | undefined>>();
  const compiled = async (url: string): Promise<Compiled | undefined> => {
    const valueSet = await findValueSet(sources, url);
    const made = valueSet && (await compileValueSet(sources, valueSet, 'any'));
    return made && !isTrouble(made) ? made : undefined;
  };
  const once = <T>(among: Map<string, Promise<T>>, name: string, make: () => Promise<T>): Promise<T> => {
    const found = among.get(name) ?? make();
    among.set(name, found);
    return found;
  };
  return {
    async structure(url) {
      const [address = '', version] = url.split('|', 2);
      return (await sources.stored('StructureDefinition', address, version)) as Structure | undefined;
    },
    /** Of whatever edition: a record of last year keeps its codes. Undecided where the set or the part of a system is not carried. */
    async member(url, value) {
      const set = await once(sets, url, () => compiled(url));
      if (!set) return undefined;
      let isUndecided = false;
      for (const { system, code = '' } of codingsIn(value)) {
        if (system === undefined) {
          if (set.list().some((one) => one.code === code)) return true;
          continue;
        }
        const view = await once(systems, system, () => systemView(sources, system, undefined));
        const known: Code = (view && codeIn(view, code, 'any')) ?? {
          system,
          version: undefined,
          code,
          display: code,
          others: [],
          properties: {},
        };
        const isWrong = view?.complete === true && !codeIn(view, code, 'any');
        if (!isWrong && set.has(known)) return true;
        if (set.used.some((one) => one.url === system && !one.complete) && !(view && codeIn(view, code, 'any')))
          isUndecided = true;
      }
      return isUndecided ? undefined : false;
    },
  };
}
