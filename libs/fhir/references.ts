// Finds the Reference elements of a resource without consulting its type: what a Reference may contain is known, and no
// other element of R4 looks like one, but for the two exceptions named below (the generator's model was searched).

/** One Reference element where it lies: read it, or write its `reference` in place. */
export type ReferenceSite = {
  /** FHIRPath location, as 'Observation.performer[0]'. Put together when asked for. */
  readonly path: string;
  /** The literal reference; undefined for a logical one. */
  readonly reference: string | undefined;
  get(): Readonly<Record<string, unknown>>;
  set(reference: string): void;
};

const MEMBERS = new Set([
  'reference',
  '_reference',
  'type',
  '_type',
  'identifier',
  'display',
  '_display',
  'id',
  'extension',
]);
/**
 * What only looks like a reference, by resource type and member: a uri called `reference`, and backbones that may
 * consist of nothing but an identifier. (Expression and DetectedIssue have such a uri too, beside other members.)
 */
const NOT_REFERENCES = new Set([
  'Immunization.education',
  'Contract.valuedItem',
  'DocumentManifest.related',
  'ExplanationOfBenefit.payment',
  'Substance.instance',
  'SubstanceNucleicAcid.linkage',
  'SubstanceNucleicAcid.sugar',
  'SubstanceSpecification.moiety',
  'SubstanceSpecification.isotope',
]);
/** Deeper nesting is refused by the validator; here it is not followed. */
const MAX_DEPTH = 200;

type Trail = { readonly parent: Trail | undefined; readonly step: string | number };

class Site implements ReferenceSite {
  readonly #element: Record<string, unknown>;
  readonly #trail: Trail;

  constructor(element: Record<string, unknown>, trail: Trail) {
    this.#element = element;
    this.#trail = trail;
  }

  get path(): string {
    const steps: string[] = [];
    for (let t: Trail | undefined = this.#trail; t !== undefined; t = t.parent) {
      steps.push(typeof t.step === 'number' ? `[${t.step}]` : t.parent === undefined ? t.step : `.${t.step}`);
    }
    return steps.reverse().join('');
  }

  get reference(): string | undefined {
    const r = this.#element.reference;
    return typeof r === 'string' ? r : undefined;
  }

  get(): Readonly<Record<string, unknown>> {
    return this.#element;
  }

  set(reference: string): void {
    this.#element.reference = reference;
  }
}

function isReference(o: Record<string, unknown>, type: string, name: string): boolean {
  if (typeof o.reference !== 'string' && (o.reference !== undefined || typeof o.identifier !== 'object')) return false;
  if (Array.isArray(o.identifier) || (o.type !== undefined && typeof o.type !== 'string')) return false;
  for (const k in o) if (!MEMBERS.has(k)) return false;
  return !NOT_REFERENCES.has(`${type}.${name}`);
}

/** `type` is that of the resource around `o`, `name` the member `o` lies under. */
function walk(
  o: Record<string, unknown>,
  type: string,
  name: string,
  trail: Trail,
  depth: number,
  out: ReferenceSite[],
): void {
  if (depth > MAX_DEPTH) return;
  if (isReference(o, type, name)) out.push(new Site(o, trail));
  const around = typeof o.resourceType === 'string' ? o.resourceType : type;
  for (const k in o) {
    const v = o[k];
    if (typeof v !== 'object' || v === null) continue;
    const here: Trail = { parent: trail, step: k };
    if (!Array.isArray(v)) {
      walk(v as Record<string, unknown>, around, k, here, depth + 1, out);
      continue;
    }
    for (let i = 0; i < v.length; i++) {
      const item: unknown = v[i];
      if (typeof item !== 'object' || item === null) continue;
      walk(item as Record<string, unknown>, around, k, { parent: here, step: i }, depth + 1, out);
    }
  }
}

/**
 * Every Reference element of a resource, those in extensions, contained resources and bundle entries included. Use
 * `set` to rewrite `urn:uuid:` and conditional references in place. Not included: canonicals, and uri elements.
 */
export function referencesIn(resource: unknown): ReferenceSite[] {
  const out: ReferenceSite[] = [];
  if (typeof resource !== 'object' || resource === null || Array.isArray(resource)) return out;
  const r = resource as Record<string, unknown>;
  const type = typeof r.resourceType === 'string' ? r.resourceType : '';
  walk(r, type, '', { parent: undefined, step: type }, 0, out);
  return out;
}
