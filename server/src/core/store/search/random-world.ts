import { dateRange, type ResourceType } from '@hutong/fhir';
import fc from 'fast-check';
import type { Json } from '../index.ts';

/** Test support: random resources of a few types; `random-searches.ts` asks for them. */

// --- a small world, in which everything happens often ---
export const one = fc.constantFrom;
export const maybe = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: undefined, freq: 3 });
const clean = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
export const word = one('Zoé', 'zoe', 'MÜLLER', '张三', '张', 'a b', '50%', 'x_y', "O'Neil", 'Ann-Marie');
export const code = one('x', 'y', 'z');
export const system = one('urn:a', 'urn:b');
export const icd10 = 'http://hl7.org/fhir/sid/icd-10';
export const disease = one('A00', 'A00.1', 'J10', 'J10.1', 'J10.100', 'J10.100x001');
const coding = fc.oneof(
  { weight: 4, arbitrary: fc.record({ system: maybe(system), code, display: maybe(word) }) },
  fc.record({ system: fc.constant(icd10), code: disease, display: maybe(word) }),
);
const narrative = one(
  '<div xmlns="http://www.w3.org/1999/xhtml">Zoé has <b>flu</b></div>',
  '<div xmlns="http://www.w3.org/1999/xhtml"><p>流感</p><p>冒险</p>x-ray</div>',
  '<div xmlns="http://www.w3.org/1999/xhtml">流行性感冒，flu</div>',
).map((div) => ({ status: 'generated', div }));
const concept = fc.record({ coding: fc.array(coding, { minLength: 1, maxLength: 2 }), text: maybe(word) });
const day = one(
  '2025',
  '2025-06',
  '2025-06-30',
  '2025-07-01',
  '2025-06-30T23:30:00Z',
  '2025-07-01T07:00:00+08:00',
  '2026-01-01T00:00:00.123Z',
);
const period = fc
  .record({ start: maybe(day), end: maybe(day) })
  // What the validator lets pass (per-1): no period ends before it starts.
  .filter(
    ({ start, end }) =>
      (start !== undefined || end !== undefined) &&
      (dateRange(start ?? '')?.start ?? -Infinity) < (dateRange(end ?? '')?.end ?? Infinity),
  );
/** Visits of a day, and stays of months: some begin long before another that ends earlier. */
const stay = fc.oneof(
  period,
  one(
    ['2025-01-01', '2025-12-01'],
    ['2025-06-30T08:00:00+08:00', '2025-06-30T09:00:00+08:00'],
    ['2025-05-15', '2025-07-01'],
    ['2025-07-01', '2025-07-03'],
    ['2024-01-01', undefined],
  ).map(([start, end]) => ({ start, end })),
);
const quantity = fc.record({
  value: one(1, 5.4, 90, 97.2, 100, 1000, -3),
  unit: maybe(one('mg/dL', 'printed')),
  ...{ system: fc.constant('http://unitsofmeasure.org') },
  code: one('mg/dL', 'mg/L', 'g/L', 'mmol/L', 'Cel'),
});
const bareQuantity = fc.record({ value: one(1, 100), unit: maybe(one('mg/dL', 'printed')) });
const value = fc.oneof(
  fc.record({ valueQuantity: fc.oneof(quantity, bareQuantity) }),
  fc.record({ valueString: word }),
  fc.record({ valueCodeableConcept: concept }),
  fc.record({ valueDateTime: day }),
  fc.constant({}),
);
const identifier = fc.record({
  system: maybe(system),
  value: one('1', '2', '3'),
  type: maybe(fc.record({ coding: fc.array(fc.record({ system, code }), { maxLength: 1 }) })),
});
const reference = (type: string, ids: string[]) =>
  fc.oneof(
    { weight: 5, arbitrary: one(...ids).map((id) => ({ reference: `${type}/${id}` })) },
    fc.record({ identifier: fc.record({ system: maybe(system), value: one('1', '2') }) }),
    one(...ids).map((id) => ({ reference: `http://elsewhere.example/${type}/${id}` })),
    one(...ids).map((id) => ({ reference: `${type}/${id}/_history/2` })),
  );
const patients = ['p0', 'p1', 'p2', 'p3'];
const observations = ['o0', 'o1', 'o2', 'o3', 'o4', 'o5'];

const profile = one('http://x.example/p', 'http://x.example/p/q', 'http://x.example/pq', 'urn:oid:1');
const place = one(1, 5, 9, 12);
const make: Record<string, fc.Arbitrary<Json>> = {
  MolecularSequence: fc
    .tuple(
      fc
        .tuple(maybe(concept), fc.record({ windowStart: maybe(place), windowEnd: maybe(place) }))
        .map(([chromosome, window]) => ({ chromosome, ...window })),
      fc.array(fc.record({ start: maybe(place), end: maybe(place) }), { maxLength: 2 }),
    )
    .map(([referenceSeq, variant]) => ({ coordinateSystem: 0, referenceSeq, variant })),
  Patient: fc.record({
    identifier: fc.array(identifier, { maxLength: 2 }),
    name: fc.array(fc.record({ family: maybe(word), given: fc.array(word, { maxLength: 2 }), text: maybe(word) }), {
      maxLength: 2,
    }),
    gender: maybe(one('male', 'female')),
    birthDate: maybe(one('1980', '1980-05', '1980-05-06')),
    active: maybe(fc.boolean()),
    text: maybe(narrative),
    meta: maybe(fc.record({ profile: fc.array(profile, { minLength: 1, maxLength: 2 }) })),
    managingOrganization: maybe(reference('Organization', ['g0', 'g1', 'g2', 'g3'])),
  }),
  Observation: fc
    .tuple(
      fc.record({
        status: one('final', 'amended'),
        code: concept,
        category: fc.array(concept, { maxLength: 1 }),
        subject: maybe(reference('Patient', patients)),
        derivedFrom: fc.array(reference('Observation', observations), { maxLength: 2 }),
        component: fc.array(
          fc
            .tuple(
              fc.record({ code: concept }),
              fc.oneof(fc.record({ valueQuantity: quantity }), fc.record({ valueCodeableConcept: concept })),
            )
            .map(([a, b]) => ({ ...a, ...b })),
          { maxLength: 2 },
        ),
      }),
      value,
      fc.oneof(fc.record({ effectiveDateTime: day }), fc.record({ effectivePeriod: period }), fc.constant({})),
    )
    .map(([a, b, c]) => ({ ...a, ...b, ...c })),
  Encounter: fc.record({
    status: one('finished', 'in-progress'),
    class: coding,
    subject: maybe(reference('Patient', patients)),
    period: maybe(stay),
    location: fc.array(fc.record({ location: fc.constant({ reference: 'Location/c0' }), period: maybe(stay) }), {
      maxLength: 2,
    }),
  }),
  RiskAssessment: fc.record({
    status: fc.constant('final'),
    subject: reference('Patient', patients),
    prediction: fc.array(
      fc.oneof(
        one(0.1, 0.25, 1, 2.5e9, -3).map((probabilityDecimal) => ({ probabilityDecimal })),
        fc
          .record({ low: maybe(one(0.05, 0.2, 1e9)), high: maybe(one(0.3, 1, 1.1e9, 7e9)) })
          // rng-2: the low is not above the high.
          .filter(({ low, high }) => (low ?? 0) <= (high ?? 7e9))
          .map(({ low, high }) => ({
            probabilityRange: {
              ...(low !== undefined && { low: { value: low } }),
              ...(high !== undefined && { high: { value: high } }),
            },
          })),
      ),
      { maxLength: 2 },
    ),
  }),
  Location: fc.record({
    name: maybe(word),
    position: maybe(fc.record({ latitude: one(29.5, 29.56, 30, -10), longitude: one(106.5, 106.56, 107, 179.99) })),
  }),
  List: fc.record({
    status: fc.constant('current'),
    mode: fc.constant('working'),
    entry: fc.array(fc.record({ item: reference('Patient', patients) }), { minLength: 1, maxLength: 3 }),
  }),
  ValueSet: fc.record({
    status: fc.constant('active'),
    url: maybe(one('http://x.example/a', 'http://x.example/a/b', 'http://x.example/ab', 'urn:oid:1')),
    useContext: fc.array(fc.record({ code: fc.record({ system, code }), valueQuantity: quantity }), { maxLength: 2 }),
  }),
  Organization: fc.record({
    name: maybe(word),
    partOf: maybe(one('g0', 'g1', 'g2', 'g3').map((id) => ({ reference: `Organization/${id}` }))),
  }),
};
const counts: Record<string, string[]> = {
  Patient: patients,
  Observation: observations,
  List: ['l0', 'l1'],
  ValueSet: ['v0', 'v1', 'v2'],
  Organization: ['g0', 'g1', 'g2', 'g3'],
  MolecularSequence: ['m0', 'm1'],
  RiskAssessment: ['r0', 'r1', 'r2'],
  Encounter: ['e0', 'e1', 'e2', 'e3', 'e4'],
  Location: ['c0', 'c1', 'c2'],
};
export type Placed = {
  resource: Json & { resourceType: ResourceType; id: string };
  institution: number;
  label: number;
  received: number;
};
const placed = (type: string, id: string): fc.Arbitrary<Placed> =>
  fc.record({
    resource: (make[type] as fc.Arbitrary<Json>).map(
      (resource) => clean({ resourceType: type, id, ...resource }) as Placed['resource'],
    ),
    institution: one(1, 2),
    label: one(0, 0, 0, 1),
    received: one(1e12, 1e12 + 1, 1e12 + 2),
  });
export const world = fc.tuple(...Object.entries(counts).flatMap(([type, ids]) => ids.map((id) => placed(type, id))));
