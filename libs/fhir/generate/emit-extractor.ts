// Writes one function per search parameter and resource type: straight loops over the members the expression names.
import { systemsOf, type Terminology } from './codes.ts';
import type { RawSearchParameter } from './definitions.ts';
import { parseExpression, type Step, type Term } from './expression.ts';
import { type Element, isA, type Model, variants } from './model.ts';

const q = JSON.stringify;
/** What a path has led to: the type's name (or the path of a node defined in place) and the element it came from. */
type Found = { type: string; element: Element | undefined };

const STRINGS = new Set(['string', 'markdown', 'code', 'id', 'uri', 'url', 'canonical']);
const QUANTITIES = new Set(['Quantity', 'Age', 'Duration', 'Count', 'Distance', 'SimpleQuantity', 'MoneyQuantity']);

export class ExtractorEmitter {
  readonly model: Model;
  readonly terminology: Terminology;
  readonly parameters: Map<string, RawSearchParameter>;
  private next = 0;

  constructor(model: Model, terminology: Terminology, parameters: RawSearchParameter[]) {
    this.model = model;
    this.terminology = terminology;
    this.parameters = new Map(parameters.map((p) => [p.url, p]));
  }

  /** The code system of a `code` element, when its required binding leaves no choice. */
  private systemOf(e: Element | undefined): string {
    if (e?.binding?.strength !== 'required') return 'undefined';
    const systems = [...systemsOf(this.terminology, e.binding.valueSet)];
    return systems.length === 1 ? q(systems[0]) : 'undefined';
  }

  private leaf(kind: string, code: string, found: Found, x: string, out: string): string {
    const t = found.type;
    const p = q(code);
    const call = (fn: string, more = ''): string => `rt.${fn}(${out}, ${p}, ${x}${more});`;
    if (t === 'Extension') {
      // The published expressions of the genetics parameters stop at the extension; what is meant is its value.
      return this.walk([{ kind: 'field', name: 'value' }], found, x, (f, y) => this.leaf(kind, code, f, y, out));
    }
    const isPrimitive = this.model.primitives.has(t);
    if (kind === 'token') {
      if (t === 'CodeableConcept') return call('tokenConcept');
      if (t === 'Coding') return call('tokenCoding');
      if (t === 'Identifier') return call('tokenIdentifier');
      if (t === 'ContactPoint') return call('tokenContact');
      if (isPrimitive) return call('tokenPrimitive', `, ${t === 'code' ? this.systemOf(found.element) : 'undefined'}`);
    }
    if (kind === 'string') {
      if (STRINGS.has(t)) return call('stringPrimitive');
      if (t === 'HumanName') return call('stringName');
      if (t === 'Address') return call('stringAddress');
    }
    if (kind === 'date') {
      if (t === 'date' || t === 'dateTime' || t === 'instant') return call('datePrimitive');
      if (t === 'Period') return call('datePeriod');
      if (t === 'Timing') return call('dateTiming');
    }
    if (kind === 'number') {
      if (t === 'integer' || t === 'decimal' || t === 'positiveInt' || t === 'unsignedInt')
        return call('numberPrimitive');
      if (t === 'Range') return call('numberRange');
    }
    if (kind === 'quantity') {
      if (QUANTITIES.has(t)) return call('quantity');
      if (t === 'Range') return call('quantityRange');
      if (t === 'Money') return call('quantityMoney');
      if (t === 'SampledData') return call('quantitySampled');
    }
    if (kind === 'uri' && isPrimitive) return call('uri');
    if (kind === 'reference') {
      if (t === 'Reference') return call('reference', ', r');
      if (t === 'canonical' || t === 'uri') return call('referenceCanonical');
      if (t === 'Resource') return call('referenceResource');
    }
    if (kind === 'special' && t === 'Location.position') return call('position');
    // A choice offers types a parameter does not index (a boolean under a date parameter): those are passed over.
    if (found.element?.choice) return '';
    throw new Error(`no conversion of ${t} for the ${kind} parameter ${code}`);
  }

  private walk(steps: Step[], found: Found, x: string, then: (f: Found, x: string) => string): string {
    const [step, ...rest] = steps;
    if (step === undefined) return then(found, x);
    if (step.kind === 'whereReference') {
      return this.guard(`rt.isReferenceTo(${x}, ${q(step.type)}, r)`, this.walk(rest, found, x, then));
    }
    if (step.kind === 'whereEqual')
      return this.guard(`${x}.${step.field} === ${q(step.value)}`, this.walk(rest, found, x, then));
    if (step.kind === 'extension') {
      const e: Found = { type: 'Extension', element: undefined };
      const name = `x${this.next++}`;
      const inner = this.walk(rest, e, name, then);
      return `if (${x}.extension !== undefined) for (const ${name} of rt.list(${x}.extension)) { if (${name} != null && ${name}.url === ${q(step.url)}) { ${inner} } }`;
    }
    if (step.kind !== 'field') throw new Error(`misplaced ${step.kind}`);
    const element = this.model.nodes.get(found.type)?.elements.find((e) => e.name === step.name);
    if (element === undefined) throw new Error(`${found.type} has no ${step.name}`);
    let after = rest;
    let only: string | undefined;
    if (element.choice && after[0]?.kind === 'ofType') {
      only = after[0].type;
      after = after.slice(1);
    }
    const at = after[0]?.kind === 'index' ? after[0].at : undefined;
    if (at !== undefined) after = after.slice(1);
    return variants(element)
      .filter((v) => only === undefined || isA(this.model, v.type?.code, only))
      .map(({ json, type }) => {
        const name = `x${this.next++}`;
        const inner = this.walk(after, { type: element.content ?? type?.code ?? '', element }, name, then);
        if (inner === '') return '';
        if (element.max > 1 && at === undefined) {
          const i = `i${this.next++}`;
          const all = `a${this.next++}`;
          return `const ${all} = ${x}.${json}; if (${all} !== undefined) for (let ${i} = 0, l = rt.list(${all}); ${i} < l.length; ${i}++) { const ${name} = l[${i}]; if (${name} != null) { ${inner} } }`;
        }
        const value = at === undefined ? `${x}.${json}` : `rt.list(${x}.${json})[${at}]`;
        return `const ${name} = ${value}; if (${name} != null) { ${inner} }`;
      })
      .join('\n');
  }

  private guard(condition: string, inner: string): string {
    return inner === '' ? '' : `if (${condition}) { ${inner} }`;
  }

  private terms(expression: string, type: string): Term[] {
    return parseExpression(expression).filter(
      // InsurancePlan-name starts one of its terms without the type.
      (t) => t.root === '' || t.root === type || t.root === 'Resource' || t.root === 'DomainResource',
    );
  }

  private composite(p: RawSearchParameter, type: string): string {
    return this.terms(p.expression ?? '', type)
      .map((term) =>
        this.walk(term.steps, { type, element: undefined }, 'r', (found, x) => {
          const components = (p.component ?? []).map((c) => {
            const definition = this.parameters.get(c.definition);
            if (definition === undefined) throw new Error(`no ${c.definition}`);
            const out = `p${this.next++}`;
            const body = parseExpression(c.expression)
              .map((t) =>
                t.root === '%resource'
                  ? this.walk(t.steps, { type, element: undefined }, 'r', (f, y) =>
                      this.leaf(definition.type, definition.code, f, y, out),
                    )
                  : this.walk(t.steps, found, x, (f, y) => this.leaf(definition.type, definition.code, f, y, out)),
              )
              .join('\n');
            return { out, body };
          });
          // Last component first: it is the value, which most often is absent or of another type.
          const made = `rt.composite(o, ${q(p.code)}, [${components.map((c) => c.out).join(', ')}]);`;
          return components.reduce(
            (inner, c) => `const ${c.out} = []; ${c.body} if (${c.out}.length > 0) { ${inner} }`,
            made,
          );
        }),
      )
      .join('\n');
  }

  /** The function that extracts `p` from a resource of `type`. */
  emit(p: RawSearchParameter, type: string, name: string): string {
    this.next = 0;
    if (this.terms(p.expression ?? '', type).length === 0) throw new Error(`${p.id} has no term for ${type}`);
    let body: string;
    if (p.type === 'composite') body = this.composite(p, type);
    else {
      body = this.terms(p.expression ?? '', type)
        .map((term) => {
          if (term.present) {
            const field = term.steps[0]?.kind === 'field' ? term.steps[0].name : '';
            const node = this.model.nodes.get(type)?.elements.find((e) => e.name === field);
            if (node === undefined) throw new Error(`${type} has no ${field}`);
            const names = variants(node).map((v) => `r.${v.json}`);
            return `const x = ${names.join(' ?? ')}; rt.tokenPrimitive(o, ${q(p.code)}, x !== undefined && x !== null && x !== false, undefined);`;
          }
          return `{ ${this.walk(term.steps, { type, element: undefined }, 'r', (f, x) => this.leaf(p.type, p.code, f, x, 'o'))} }`;
        })
        .join('\n');
    }
    return `function ${name}(r, o) {\n${body}\n}`;
  }
}
