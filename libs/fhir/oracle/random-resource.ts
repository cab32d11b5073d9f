// Random but well-formed resources of any type, from the published element tree: they reach the elements, choices and
// search parameters that no example uses.
import { expand } from '../generate/codes.ts';
import { readStructures, readTerminology } from '../generate/definitions.ts';
import { buildModel, type Element, type TypeReference, variants } from '../generate/model.ts';

type Json = Record<string, unknown>;
/** A source of numbers in [0, 1): the same seed gives the same resources (mulberry32). */
export function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const model = buildModel(readStructures());
const terminology = readTerminology();
const WORDS = ['final', 'Zoé Müller', '王小明', 'ＡＢＣ', 'two  spaces', 'a', "O'Neil", '血压'];
const DATES = ['2024', '2024-02', '2024-02-29', '1986-07-01', '2100-12'];
const TIMES = [...DATES, '2024-02-29T23:59:59Z', '2015-02-07T13:28:17.239+02:00', '2020-01-01T00:00:00.1-05:30'];
const INSTANTS = ['2024-02-29T08:00:00Z', '2015-02-07T13:28:17.239+02:00', '2020-01-01T00:00:00.123456-05:30'];

class Maker {
  private readonly next: () => number;
  private readonly fill: number;
  constructor(next: () => number, fill: number) {
    this.next = next;
    this.fill = fill;
  }

  private of<T>(xs: readonly T[]): T {
    return xs[Math.floor(this.next() * xs.length)] as T;
  }

  private whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  private code(e: Element): string {
    const expansion = e.binding?.strength === 'required' ? expand(terminology, e.binding.valueSet) : undefined;
    const codes = expansion === undefined ? [] : [...expansion.values()].flatMap((s) => [...s]);
    if (codes.length > 0) return this.of(codes);
    return e.binding?.valueSet.endsWith('currencies')
      ? 'CNY'
      : e.binding?.valueSet.endsWith('mimetypes')
        ? 'text/plain'
        : 'a-code';
  }

  private primitive(e: Element, type: string): unknown {
    const n = this.whole(1, 99);
    const values: Record<string, () => unknown> = {
      boolean: () => this.next() < 0.5,
      integer: () => this.whole(-99, 99),
      positiveInt: () => n,
      unsignedInt: () => n,
      decimal: () => this.whole(-9999, 9999) / 100,
      code: () => this.code(e),
      id: () => `id-${n}`,
      oid: () => `urn:oid:1.2.156.${n}`,
      uuid: () => `urn:uuid:c757873d-ec9a-4326-a141-556f43239${String(n).padStart(3, '0')}`,
      uri: () => this.of(['http://example.cn/a', 'urn:oid:1.2.3', `http://example.cn/v|${n}`]),
      url: () => `https://example.cn/${n}`,
      canonical: () => this.of(['http://example.cn/c', `http://example.cn/c|${n}`, `http://example.cn/c|${n}#part`]),
      date: () => this.of(DATES),
      dateTime: () => this.of(TIMES),
      instant: () => this.of(INSTANTS),
      time: () => '08:30:00',
      base64Binary: () => 'aGVsbG8=',
      xhtml: () => '<div xmlns="http://www.w3.org/1999/xhtml"><p>words</p></div>',
    };
    return (values[type] ?? (() => this.of(WORDS)))();
  }

  private reference(targets: string[]): Json {
    const type =
      targets.length === 0 ? this.of(['Patient', 'Practitioner', 'Observation', 'Location']) : this.of(targets);
    const id = `r${this.whole(1, 9)}`;
    return this.of<Json>([
      { reference: `${type}/${id}`, display: 'shown' },
      { reference: `${type}/${id}/_history/2` },
      { reference: `https://example.cn/fhir/${type}/${id}` },
      { reference: 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520', type },
      { reference: `${type}?identifier=a|b` },
      { type, identifier: { system: 'urn:oid:1.2', value: id } },
    ]);
  }

  private value(e: Element, type: TypeReference | undefined, depth: number): unknown {
    if (e.content !== undefined) return this.node(e.content, depth + 1);
    const code = type?.code ?? '';
    if (model.primitives.has(code)) return this.primitive(e, code);
    if (code === 'Reference') return this.reference(type?.targets ?? []);
    if (code === 'Resource') return { resourceType: 'Basic', id: 'b1', code: { text: 'inner' } };
    if (code === 'Extension') return { url: 'http://example.cn/x', valueString: this.of(WORDS) };
    if (code === 'Narrative')
      return { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">words</div>' };
    if (code === 'Period')
      return { start: '2020-01-01', ...(this.next() < 0.5 ? { end: this.of(['2021', '2022-03-04']) } : {}) };
    const made = this.node(code, depth + 1);
    if (code === 'CodeableConcept') return this.concept(e, made);
    // qty-3: a code needs its system.
    if (made.code !== undefined && model.bases.get(code) === 'Quantity') made.system ??= 'http://unitsofmeasure.org';
    if (code === 'Quantity' && made.code !== undefined) made.system ??= 'http://unitsofmeasure.org';
    return made;
  }

  private concept(e: Element, made: Json): Json {
    const expansion = e.binding?.strength === 'required' ? expand(terminology, e.binding.valueSet) : undefined;
    if (expansion === undefined) return made;
    const [system, codes] = this.of([...expansion]);
    return { ...made, coding: [{ system, code: this.of([...codes]) }] };
  }

  node(path: string, depth: number): Json {
    const out: Json = {};
    for (const e of model.nodes.get(path)?.elements ?? []) {
      if (e.name === 'contained' || (e.name === 'id' && depth > 0)) continue;
      const wanted = e.min > 0 || (depth < 5 && this.next() < this.fill / (1 + depth / 2));
      if (!wanted || (path === 'Extension' && e.name === 'extension')) continue;
      const { json, type } = this.of(variants(e));
      const times = e.max > 1 ? this.whole(1, 2) : 1;
      const values = Array.from({ length: times }, () => this.value(e, type, depth));
      out[json] = e.max > 1 ? values : values[0];
    }
    // Something in every object: an empty one is not well-formed.
    if (Object.keys(out).length === 0) out.extension = [{ url: 'http://example.cn/x', valueString: 'x' }];
    return out;
  }
}

const GENETICS: Record<string, string[]> = {
  DiagnosticReport: ['DiagnosticReport-geneticsAssessedCondition'],
  Observation: [
    'observation-geneticsAminoAcidChangeName',
    'observation-geneticsDnaVariant',
    'observation-geneticsGene',
  ],
};

/** A well-formed resource. `fill` is how likely an optional element of the outermost level is there. */
export function randomResource(type: string, seed: number, fill = 0.6): Json {
  const r: Json = { resourceType: type, ...new Maker(seeded(seed), fill).node(type, 0) };
  // obs-6: a reason for absence and a value exclude each other.
  if (type === 'Observation' && Object.keys(r).some((k) => k.startsWith('value'))) delete r.dataAbsentReason;
  for (const name of seed % 3 === 0 ? (GENETICS[type] ?? []) : []) {
    const url = `http://hl7.org/fhir/StructureDefinition/${name}`;
    const value =
      type === 'DiagnosticReport'
        ? { valueReference: { reference: 'Condition/c1' } }
        : { valueCodeableConcept: { coding: [{ system: 'http://loinc.org', code: 'x' }], text: 'words' } };
    r.extension = [...((r.extension ?? []) as Json[]), { url, ...value }, { url, valueString: 'words' }];
  }
  return r;
}
