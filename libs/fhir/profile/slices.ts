// Which slice a value is of.
import { hasPattern, isFixed, type RuleNode, type Structure, stated } from './structure.ts';
import { asObject, type Found, valuesAt } from './values.ts';

export type Member = (valueSet: string, coding: unknown) => Promise<boolean | undefined>;
export type Surroundings = {
  structure(url: string): Promise<Structure | undefined>;
  /** Whether a code, Coding or CodeableConcept is in a value set; undefined when the set is not known. */
  member: Member;
};

function childAt(slice: RuleNode, path: string): RuleNode | undefined {
  if (path === '$this') return slice;
  let at: RuleNode | undefined = slice;
  for (const step of path.split('.')) at = at?.children.get(step) ?? at?.children.get(`${step}[x]`);
  return at;
}

/** An extension is of the slice whose profile has its address. */
const urlOfExtension = (slice: RuleNode): string | undefined => {
  const [profile] = slice.rule?.type?.find(({ code }) => code === 'Extension')?.profile ?? [];
  return profile?.split('|')[0];
};

async function meets(
  value: Found,
  slice: RuleNode,
  { type, path }: { type: string; path: string },
  around: Surroundings,
): Promise<boolean> {
  const rule = childAt(slice, path);
  const found = valuesAt(value, path);
  switch (type) {
    case 'value':
    case 'pattern': {
      if (path === 'url' && rule === undefined) return asObject(value.value)?.url === urlOfExtension(slice);
      const fixed = stated(rule?.rule, 'fixed');
      if (fixed !== undefined) return found.some((one) => isFixed(one.value, fixed));
      const pattern = stated(rule?.rule, 'pattern');
      if (pattern !== undefined) return found.some((one) => hasPattern(one.value, pattern));
      const set = rule?.rule?.binding?.valueSet;
      if (set === undefined) return false;
      for (const one of found) if ((await around.member(set, one.value)) === true) return true;
      return false;
    }
    case 'exists':
      return rule?.rule?.max === '0' ? found.length === 0 : found.length > 0;
    case 'type': {
      const types = (rule?.rule?.type ?? []).map(({ code }) => code);
      return found.some((one) => types.includes(one.type));
    }
    case 'profile':
      return found.some((one) => {
        const profiles = asObject(asObject(one.value)?.meta)?.profile;
        const wanted = (rule?.rule?.type ?? []).flatMap((given) => given.profile ?? []);
        return Array.isArray(profiles) && wanted.some((profile) => profiles.includes(profile));
      });
    default:
      return false;
  }
}

/** The usual way of each element that is sliced without saying how (http://hl7.org/fhir/R4/profiling.html#slicing). */
function discriminatorsOf(element: RuleNode): readonly { type: string; path: string }[] {
  const said = element.rule?.slicing?.discriminator;
  if (said && said.length > 0) return said;
  if (element.name === 'extension' || element.name === 'modifierExtension') return [{ type: 'value', path: 'url' }];
  return element.name.endsWith('[x]') ? [{ type: 'type', path: '$this' }] : [];
}

/** The slice that a value belongs to; undefined when it is of none. */
export async function sliceOf(element: RuleNode, value: Found, around: Surroundings): Promise<RuleNode | undefined> {
  const discriminators = discriminatorsOf(element);
  for (const slice of element.slices.values()) {
    let isOne = discriminators.length > 0;
    for (const discriminator of discriminators)
      if (isOne && !(await meets(value, slice, discriminator, around))) isOne = false;
    if (isOne) return slice;
  }
  return undefined;
}
