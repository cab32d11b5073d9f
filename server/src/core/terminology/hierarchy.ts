import { whoCode } from './model.ts';

/** WHO's ICD-10 and the Chinese editions of it, under the address and the OID they are sent with. */
const icd10Systems = new Set(['http://hl7.org/fhir/sid/icd-10', 'urn:oid:2.16.156.10011.2.3.3.11']);
export const isIcd10 = (system: string): boolean => icd10Systems.has(system);

const SIX_PLACES = /^([A-Z]\d{2}\.[\dx]\d{2})x\d{3}/;

/**
 * ICD-10's hierarchy lies in its codes: J10.100x001 (national clinical edition) is below J10.100, that below WHO's J10.1, that below J10.
 * So codes that the platform does not carry have their place as well. Nearest first; [] for a category and for what is no ICD-10 code.
 */
export function icd10Ancestors(code: string): string[] {
  const who = whoCode(code);
  if (who === undefined) return [];
  const six = SIX_PLACES.exec(code)?.[1];
  return [six, who, who.slice(0, 3)].filter(
    (one, at, all): one is string => one !== undefined && one !== code && all.indexOf(one) === at,
  );
}

/** Every chain of parents ends within this many steps; data that run in a circle end here too. */
const DEEPEST = 20;

export function ancestorsOf(system: string, code: string, parentOf: (code: string) => string | undefined): string[] {
  if (isIcd10(system)) return icd10Ancestors(code);
  const found: string[] = [];
  for (let at = parentOf(code); at !== undefined && found.length < DEEPEST; at = parentOf(at)) found.push(at);
  return found;
}
