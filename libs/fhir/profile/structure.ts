// What a profile says, as a tree: from the differential of a StructureDefinition (http://hl7.org/fhir/R4/profiling.html).

type Json = Record<string, unknown>;
type Discriminator = { readonly type: string; readonly path: string };
export type ElementRule = {
  readonly id?: string;
  readonly path: string;
  readonly sliceName?: string;
  readonly slicing?: {
    readonly discriminator?: readonly Discriminator[];
    readonly rules?: string;
    readonly ordered?: boolean;
  };
  readonly min?: number;
  readonly max?: string;
  readonly type?: readonly {
    readonly code: string;
    readonly profile?: readonly string[];
    readonly targetProfile?: readonly string[];
  }[];
  readonly maxLength?: number;
  readonly mustSupport?: boolean;
  readonly binding?: { readonly strength: string; readonly valueSet?: string };
  readonly constraint?: readonly {
    readonly key: string;
    readonly severity: string;
    readonly human: string;
    readonly expression?: string;
  }[];
  /** fixed[x], pattern[x], minValue[x], maxValue[x]. */
  readonly [member: string]: unknown;
};
export type Structure = {
  readonly url: string;
  readonly type: string;
  readonly baseDefinition?: string;
  readonly differential?: { readonly element: readonly ElementRule[] };
  readonly snapshot?: { readonly element: readonly ElementRule[] };
};

/** One element with what is below it; `slices` are its kinds, told apart by `rule.slicing`. */
export type RuleNode = {
  readonly name: string;
  rule: ElementRule | undefined;
  readonly children: Map<string, RuleNode>;
  readonly slices: Map<string, RuleNode>;
};

const node = (name: string): RuleNode => ({ name, rule: undefined, children: new Map(), slices: new Map() });

/** 'Patient.identifier:residentNumber.system' step by step; without an id, the path with the slice's name at its end. */
const stepsOf = ({ id, path, sliceName }: ElementRule): string[] =>
  (id ?? (sliceName === undefined ? path : `${path}:${sliceName}`)).split('.').slice(1);

export function treeOf(structure: Structure): RuleNode {
  const root = node(structure.type);
  for (const rule of (structure.differential ?? structure.snapshot)?.element ?? []) {
    let at = root;
    for (const step of stepsOf(rule)) {
      const [name = '', slice] = step.split(':', 2);
      at = child(at.children, name);
      if (slice !== undefined) at = child(at.slices, slice);
    }
    at.rule = rule;
  }
  return root;
}

function child(among: Map<string, RuleNode>, name: string): RuleNode {
  let found = among.get(name);
  if (found === undefined) {
    found = node(name);
    among.set(name, found);
  }
  return found;
}

/** The value of a rule's fixed[x], pattern[x] and so on. */
export function stated(rule: ElementRule | undefined, kind: 'fixed' | 'pattern' | 'minValue' | 'maxValue'): unknown {
  if (rule === undefined) return undefined;
  const key = Object.keys(rule).find((one) => one.startsWith(kind) && /[A-Z]/.test(one.charAt(kind.length)));
  return key === undefined ? undefined : rule[key];
}

/** Whether `value` is exactly `fixed`, members in any order. */
export function isFixed(value: unknown, fixed: unknown): boolean {
  if (typeof fixed !== 'object' || fixed === null || typeof value !== 'object' || value === null)
    return value === fixed;
  if (Array.isArray(fixed) !== Array.isArray(value)) return false;
  const keys = Object.keys(fixed);
  return (
    keys.length === Object.keys(value).length &&
    keys.every((key) => isFixed((value as Json)[key], (fixed as Json)[key]))
  );
}

/** Whether `value` has at least what `pattern` has; each member of a list in it must be met by some member. */
export function hasPattern(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern))
    return Array.isArray(value) && pattern.every((one) => value.some((other) => hasPattern(other, one)));
  if (typeof pattern !== 'object' || pattern === null) return value === pattern;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(pattern).every(([key, one]) => hasPattern((value as Json)[key], one));
}
