// From interpreter results to search values, written a second time and plainly, so that a mistake in the fast
// conversions cannot hide in its own mirror.
import { type RawSearchParameter, readStructures, readTerminology } from '../generate/definitions.ts';
import { evaluate, type Found, type Json, parametersFor } from './nodes.ts';

type Value = Json;
const OPEN = 8640000000000000;

const bindings = new Map<string, string>();
for (const s of readStructures()) {
  for (const e of s.snapshot.element) {
    if (e.binding?.strength === 'required' && e.binding.valueSet !== undefined) {
      bindings.set(e.path, e.binding.valueSet.split('|')[0] ?? '');
    }
  }
}
const { sets } = readTerminology();

function systems(url: string): string[] {
  return (sets.get(url.split('|')[0] ?? '')?.compose?.include ?? []).flatMap((i) =>
    i.system === undefined ? (i.valueSet ?? []).flatMap(systems) : [i.system],
  );
}

function codeSystem(element: string): string | undefined {
  const url = bindings.get(element);
  const found = new Set(url === undefined ? [] : systems(url));
  return found.size === 1 ? [...found][0] : undefined;
}

const folded = (s: string): string =>
  s
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .split(/\s+/)
    .filter((w) => w !== '')
    .join(' ');

/** By way of Date, where the room's own code counts days. */
function range(s: unknown): [number, number] | undefined {
  if (typeof s !== 'string') return undefined;
  const m = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(s);
  if (m === null) return undefined;
  const [, y, mo, d, h, mi, sec, frac] = m;
  const zone = m[8] ?? '+08:00';
  const at = (text: string): number => Date.parse(text);
  const start = at(
    `${y}-${mo ?? '01'}-${d ?? '01'}T${h ?? '00'}:${mi ?? '00'}:${sec ?? '00'}${(frac ?? '.000').slice(0, 4).padEnd(4, '0')}${zone}`,
  );
  if (Number.isNaN(start)) return undefined;
  if (h !== undefined) {
    const digits = frac === undefined ? 0 : Math.min(3, frac.length - 1);
    return [start, start + (sec === undefined ? 60000 : 1000 / 10 ** digits)];
  }
  if (d !== undefined) return [start, start + 86400000];
  const next = mo === undefined ? [Number(y) + 1, 1] : mo === '12' ? [Number(y) + 1, 1] : [Number(y), Number(mo) + 1];
  return [start, at(`${String(next[0]).padStart(4, '0')}-${String(next[1]).padStart(2, '0')}-01T00:00:00.000+08:00`)];
}

function period(p: Json): [number, number] | undefined {
  const start = range(p.start);
  const end = range(p.end);
  return start === undefined && end === undefined ? undefined : [start?.[0] ?? -OPEN, end?.[1] ?? OPEN];
}

const strings = (...xs: unknown[]): string[] => xs.flat().filter((x): x is string => typeof x === 'string' && x !== '');

function tokens(type: string, x: unknown, element: string): Value[] {
  const o = x as Json;
  if (type === 'FHIR.CodeableConcept') {
    const words = strings(o.text).map((text) => ({ text }));
    return [...((o.coding ?? []) as Json[]).flatMap((c) => tokens('FHIR.Coding', c, '')), ...words];
  }
  if (type === 'FHIR.Coding')
    return [{ system: o.system, code: o.code, text: o.display }].filter((t) => t.system || t.code || t.text);
  if (type === 'FHIR.Identifier') {
    const kind = o.type as { text?: string; coding?: Json[] } | undefined;
    const types = kind?.coding?.map((c) => ({ system: c.system, code: c.code }));
    return o.system || o.value ? [{ system: o.system, code: o.value, text: kind?.text, types }] : [];
  }
  if (type === 'FHIR.ContactPoint') return strings(o.value).map((code) => ({ code }));
  if (typeof x === 'object') return [];
  return [{ system: type === 'FHIR.code' ? codeSystem(element) : undefined, code: String(x) }];
}

function texts(type: string, x: unknown): string[] {
  const o = x as Json;
  if (type === 'FHIR.HumanName') {
    const whole =
      /\p{Script=Han}/u.test(String(o.family ?? '')) && o.given && !o.text ? [[o.family, o.given].flat().join('')] : [];
    return [...strings(o.text, o.family, o.given, o.prefix, o.suffix), ...whole];
  }
  if (type === 'FHIR.Address') return strings(o.text, o.line, o.city, o.district, o.state, o.postalCode, o.country);
  return strings(x);
}

function ranges(type: string, x: unknown): ([number, number] | undefined)[] {
  if (type === 'FHIR.Period') return [period(x as Json)];
  if (['FHIR.date', 'FHIR.dateTime', 'FHIR.instant'].includes(type)) return [range(x)];
  // CarePlan.activity.detail.scheduledString is prose, even when it looks like a date.
  if (type !== 'FHIR.Timing') return [];
  const t = x as { event?: string[]; repeat?: { boundsPeriod?: Json } };
  const parts = [...(t.event ?? []).map(range), period(t.repeat?.boundsPeriod ?? {})].filter((r) => r !== undefined);
  return parts.length === 0 ? [] : [[Math.min(...parts.map((p) => p[0])), Math.max(...parts.map((p) => p[1]))]];
}

function quantities(type: string, x: unknown): Value[] {
  const o = x as Json;
  const unit = (q: Json | undefined): Json => ({ system: q?.system, code: q?.code, unit: q?.unit });
  const low = o.low as Json | undefined;
  const high = o.high as Json | undefined;
  if (type === 'FHIR.Range') {
    if (low?.value === undefined && high?.value === undefined) return [];
    return [{ low: low?.value ?? -Infinity, high: high?.value ?? Infinity, ...unit(low ?? high) }];
  }
  if (type === 'FHIR.Money') {
    if (o.value === undefined) return [];
    const system = o.currency && 'urn:iso:std:iso:4217';
    return [{ value: o.value, low: o.value, high: o.value, system, code: o.currency, unit: o.currency }];
  }
  if (type === 'FHIR.SampledData') {
    const origin = o.origin as { value: number } & Json;
    const data = String(o.data ?? '')
      .split(' ')
      .map((w) => (w === 'L' ? o.lowerLimit : w === 'U' ? o.upperLimit : w === '' ? Number.NaN : Number(w)));
    const found = data
      .filter((v): v is number => typeof v === 'number' && !Number.isNaN(v))
      .map((v) => origin.value + v * ((o.factor as number | undefined) ?? 1));
    return found.length === 0 ? [] : [{ low: Math.min(...found), high: Math.max(...found), ...unit(origin) }];
  }
  if (typeof o.value !== 'number') return [];
  const c = String(o.comparator ?? '');
  return [
    {
      value: o.value,
      low: c.startsWith('<') ? -Infinity : o.value,
      high: c.startsWith('>') ? Infinity : o.value,
      ...unit(o),
    },
  ];
}

function references(type: string, x: unknown, root: Json): Value[] {
  if (typeof x === 'string') {
    if (type !== 'FHIR.uri' && type !== 'FHIR.canonical') return [];
    const [whole = ''] = x.length > 1 && x.indexOf('#', 1) > 0 ? [x.slice(0, x.indexOf('#', 1))] : [x];
    const [url, version] = whole.includes('|')
      ? [whole.slice(0, whole.indexOf('|')), whole.slice(whole.indexOf('|') + 1)]
      : [whole];
    return [{ url, version }];
  }
  const o = x as Json;
  if (type !== 'FHIR.Reference') return o.resourceType && o.id ? [{ type: o.resourceType, id: o.id }] : [];
  const logical = o.identifier as Json | undefined;
  const identifier = logical?.system || logical?.value ? { system: logical.system, value: logical.value } : undefined;
  const literal = o.reference as string | undefined;
  if (!literal && !identifier) return [];
  const contained = ((root.contained ?? []) as Json[]).find((c) => `#${c.id}` === literal);
  const m = /^((?:.*\/)?)([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/(.+))?$/.exec(literal ?? '');
  if (m !== null && parametersFor(m[2] ?? '').length > 0 && knownTypes.has(m[2] ?? '')) {
    return [{ type: m[2], id: m[3], version: m[4], url: m[1] === '' ? undefined : literal, identifier }];
  }
  const conditional = /(?:^|\/)([A-Z][A-Za-z]+)\?/.exec(literal ?? '')?.[1];
  const kind =
    literal === '#'
      ? root.resourceType
      : (contained?.resourceType ?? conditional ?? (knownTypes.has(String(o.type)) ? o.type : undefined));
  return [{ type: kind, url: literal, identifier }];
}

const knownTypes = new Set(
  readStructures()
    .filter((s) => s.kind === 'resource')
    .map((s) => s.name),
);

function convert(p: RawSearchParameter, f: Found, root: Json): Value[] {
  if (f.type === 'FHIR.Extension') {
    const [key, value] = Object.entries(f.data as Json).find(([k]) => k.startsWith('value')) ?? [];
    if (key === undefined) return [];
    const name = key.slice(5);
    const type = ['String', 'Code', 'Boolean', 'Uri'].includes(name) ? name.toLowerCase() : name;
    return convert(p, { type: `FHIR.${type}`, data: value, element: '' }, root);
  }
  if (f.data === null || f.data === undefined) return [];
  const make = (vs: Value[]): Value[] => vs.map((v) => ({ kind: p.type, param: p.code, ...v }));
  switch (p.type) {
    case 'token':
      return make(tokens(f.type, f.data, f.element));
    case 'string':
      return make(texts(f.type, f.data).map((value) => ({ value, folded: folded(value) })));
    case 'date':
      return make(ranges(f.type, f.data).flatMap((r) => (r === undefined ? [] : [{ start: r[0], end: r[1] }])));
    case 'number': {
      if (f.type !== 'FHIR.Range') return make([{ low: f.data, high: f.data }]);
      return make(quantities(f.type, f.data).map(({ low, high }) => ({ low, high })));
    }
    case 'quantity':
      return make(quantities(f.type, f.data));
    case 'uri':
      return make(strings(f.data).map((value) => ({ value })));
    case 'reference':
      return make(references(f.type, f.data, root));
    default: {
      const { latitude, longitude } = f.data as Json;
      return [{ kind: 'position', param: p.code, latitude, longitude }];
    }
  }
}

/** What search should find in a resource, according to the interpreter. */
export function expectedValues(resource: Json): Value[] {
  return parametersFor(String(resource.resourceType)).flatMap((p): Value[] => {
    const { found, tuples } = evaluate(p, resource);
    if (p.component === undefined) return found.flatMap((f) => convert(p, f, resource));
    return tuples
      .map((parts) => parts.map((c) => c.found.flatMap((f) => convert(c.definition, f, resource))))
      .filter((parts) => parts.every((c) => c.length > 0))
      .map((parts) => ({ kind: 'composite', param: p.code, parts }));
  });
}

/** Values as a sorted set of texts: order and repetition mean nothing to search. */
export function asSet(values: readonly object[]): string[] {
  const text = (v: unknown): string =>
    JSON.stringify(v, (_k, x: unknown) =>
      typeof x === 'number' && !Number.isFinite(x)
        ? String(x)
        : typeof x === 'object' && x !== null && !Array.isArray(x)
          ? Object.fromEntries(
              Object.entries(x)
                .filter(([, y]) => y !== undefined)
                .sort(([a], [b]) => (a < b ? -1 : 1)),
            )
          : x,
    );
  return [...new Set(values.map(text))].sort();
}
