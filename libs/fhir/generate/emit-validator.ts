// Writes one visiting function per node. Members are visited as they come (for-in + switch), so that an absent element
// costs nothing and an unknown one cannot be overlooked; required members are asked for at the end.
import { expand, type Terminology } from './codes.ts';
import { type Element, type Model, type Node, type TypeReference, variants } from './model.ts';
import { nativeInvariants } from './native-invariants.ts';

/** Constants shared by the generated functions of one file or of all files, named by first use. */
export class Pool {
  readonly byKey = new Map<string, { name: string; text: string }>();
  readonly prefix: string;
  constructor(prefix: string) {
    this.prefix = prefix;
  }
  name(key: string, text: string): string {
    let entry = this.byKey.get(key);
    if (entry === undefined) {
      entry = { name: `${this.prefix}${this.byKey.size}`, text };
      this.byKey.set(key, entry);
    }
    return entry.name;
  }
  /** Members of an object literal, one constant each. */
  text(): string {
    return [...this.byKey.values()].map((e) => `${e.name}: ${e.text},`).join('\n');
  }
}

const q = JSON.stringify;

/** Value sets that no list can hold; their form is all that can be checked. */
const FORMATS: Record<string, string> = {
  'http://hl7.org/fhir/ValueSet/mimetypes': 'mediaType',
  'http://hl7.org/fhir/ValueSet/currencies': 'currency',
};

export function functionName(path: string): string {
  return `v_${path.replaceAll('.', '_')}`;
}

export class ValidatorEmitter {
  readonly model: Model;
  readonly terminology: Terminology;
  readonly lists = new Pool('L');
  readonly targets = new Pool('T');

  constructor(model: Model, terminology: Terminology) {
    this.model = model;
    this.terminology = terminology;
  }

  private callee(e: Element, type: TypeReference | undefined): string {
    if (e.content !== undefined) return this.localOrShared(e.content);
    if (type === undefined) throw new Error(`${e.path} has no type`);
    if (type.code === 'Resource') return e.name === 'contained' ? 'visitContained' : 'visitAnyResource';
    return this.localOrShared(type.code);
  }

  private localOrShared(path: string): string {
    return functionName(path);
  }

  private codeList(e: Element): string | undefined {
    if (e.binding?.strength !== 'required' || FORMATS[e.binding.valueSet] !== undefined) return undefined;
    const expansion = expand(this.terminology, e.binding.valueSet);
    if (expansion === undefined) return undefined;
    const all = new Set([...expansion.values()].flatMap((s) => [...s]));
    if (all.size === 0) throw new Error(`empty value set ${e.binding.valueSet}`);
    const short = e.binding.valueSet.slice(e.binding.valueSet.lastIndexOf('/') + 1);
    return this.lists.name(`code ${short}`, `list(${q(short)}, ${q([...all].join(' '))})`);
  }

  private codingList(e: Element): string | undefined {
    if (e.binding?.strength !== 'required') return undefined;
    const expansion = expand(this.terminology, e.binding.valueSet);
    if (expansion === undefined) return undefined;
    const short = e.binding.valueSet.slice(e.binding.valueSet.lastIndexOf('/') + 1);
    const text = [...expansion].map(([s, codes]) => `[${q(s)}, ${q([...codes].join(' '))}]`).join(', ');
    return this.lists.name(`coding ${short}`, `codings(${q(short)}, [${text}])`);
  }

  private primitive(e: Element, json: string, type: string, choice: string): string[] {
    const label = e.choice ? e.name : json;
    const list = type === 'code' ? this.codeList(e) : undefined;
    const format = type === 'code' && e.binding?.strength === 'required' ? FORMATS[e.binding.valueSet] : undefined;
    const test = format ?? `is.${type}`;
    const other = `v._${json}`;
    if (e.max > 1) {
      const check =
        list !== undefined
          ? `rt.codes(x, ${other}, ${q(label)}, lists.${list}, c);`
          : `rt.prims(x, ${other}, ${q(label)}, ${q(type)}, ${test}, c);`;
      return [
        `case ${q(json)}: ${check} break;`,
        `case ${q(`_${json}`)}: rt.shadows(x, v.${json}, ${q(label)}, v_Element, c, d); break;`,
      ];
    }
    const check =
      list !== undefined
        ? `if (!(typeof x === 'string' && lists.${list}.codes.has(x))) rt.code(x, ${q(label)}, lists.${list}, c);`
        : type === 'boolean'
          ? `if (x !== true && x !== false) rt.prim(x, ${q(label)}, 'boolean', is.boolean, c);`
          : `if (!${test}(x)) rt.prim(x, ${q(label)}, ${q(type)}, ${test}, c);`;
    return [
      `case ${q(json)}: ${choice}${check} break;`,
      `case ${q(`_${json}`)}: ${choice}rt.one(x, ${q(label)}, v_Element, c, d); break;`,
    ];
  }

  private cases(e: Element, choiceVar: string): string[] {
    const lines: string[] = [];
    for (const { json, type } of variants(e)) {
      const choice = e.choice ? `${choiceVar} = rt.pick(${choiceVar}, ${q(json)}, ${q(e.name)}, c); ` : '';
      if (e.content === undefined && type !== undefined && this.model.primitives.has(type.code)) {
        lines.push(...this.primitive(e, json, type.code, choice));
        continue;
      }
      const label = e.choice ? e.name : json;
      const call = e.max > 1 ? 'many' : 'one';
      const extra: string[] = [];
      if (type?.code === 'Reference' && type.targets.length > 0) {
        const set = [...type.targets].sort();
        const name = this.targets.name(set.join(' '), `new Set(${q(set.join(' '))}.split(' '))`);
        extra.push(` rt.target(x, ${q(label)}, targets.${name}, c);`);
      }
      if (type?.code === 'CodeableConcept') {
        const list = this.codingList(e);
        if (list !== undefined) extra.push(` rt.concept(x, ${q(label)}, lists.${list}, c);`);
      }
      const visit = this.callee(e, type);
      lines.push(`case ${q(json)}: ${choice}rt.${call}(x, ${q(label)}, ${visit}, c, d);${extra.join('')} break;`);
    }
    return lines;
  }

  private required(e: Element, choiceVar: string): string | undefined {
    if (e.min === 0) return undefined;
    if (e.choice) return `if (${choiceVar} === '') rt.missing(${q(e.name)}, c);`;
    const type = e.types[0]?.code;
    const isPrimitive = e.content === undefined && type !== undefined && this.model.primitives.has(type);
    const shadow = isPrimitive ? ` && v._${e.name} === undefined` : '';
    return `if (v.${e.name} === undefined${shadow}) rt.missing(${q(e.name)}, c);`;
  }

  /** The function for one node. */
  emit(node: Node): string {
    const choices = new Map(node.elements.filter((e) => e.choice).map((e, i) => [e.name, `q${i}`]));
    const label = node.path;
    const out: string[] = [];
    out.push(`function ${functionName(node.path)}(v, c, d) {`);
    out.push('if (!rt.isObject(v, c, d)) return;');
    for (const name of choices.values()) out.push(`let ${name} = '';`);
    out.push('let n = 0;', 'for (const k in v) {', 'const x = v[k];', 'switch (k) {');
    if (node.kind === 'resource') out.push(`case 'resourceType': n++; continue;`);
    for (const e of node.elements) {
      const choiceVar = choices.get(e.name) ?? '';
      for (const line of this.cases(e, choiceVar)) {
        // An id alone says nothing: it does not count as content (ele-1).
        out.push(
          line.startsWith('case "id"') && node.kind !== 'resource' ? line.replace(/ break;$/, ' continue;') : line,
        );
      }
    }
    out.push(`default: rt.unknown(k, ${q(label)}, c);`, '}', 'n++;', '}');
    out.push('if (n === 0) rt.empty(c);');
    for (const e of node.elements) {
      const line = this.required(e, choices.get(e.name) ?? '');
      if (line !== undefined) out.push(line);
    }
    for (const line of nativeInvariants(node.path, node.kind, choices)) out.push(line);
    out.push('}');
    return out.join('\n');
  }
}
