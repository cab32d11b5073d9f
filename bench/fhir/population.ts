/**
 * Invented people of about 40 resources each, as transaction bundles that any R4 server can take. The n-th person is always the same, so servers
 * are measured with the very same work, and a population can be grown in steps.
 */
export const perPerson = 41;
export const organisations = 20;
export const practitioners = 100;
export const system = {
  record: 'urn:bench:mrn',
  loinc: 'http://loinc.org',
  ucum: 'http://unitsofmeasure.org',
  icd10: 'http://hl7.org/fhir/sid/icd-10',
  drug: 'urn:bench:drug',
  category: 'http://terminology.hl7.org/CodeSystem/observation-category',
} as const;

const families = [...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余'];
const given = [...'志伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红鹏飞宇浩晨欣怡梓涵'];
const cities = ['重庆', '成都', '贵阳', '昆明', '武汉', '长沙', '西安', '兰州'];
const diseases = [
  'I10',
  'E11.9',
  'J45.9',
  'K29.5',
  'J18.9',
  'M54.5',
  'N18.3',
  'F32.9',
  'I25.1',
  'J44.9',
  'E78.5',
  'H40.9',
];
const drugs = [
  'amlodipine',
  'metformin',
  'omeprazole',
  'atorvastatin',
  'salbutamol',
  'amoxicillin',
  'losartan',
  'aspirin',
];
const measurements = [
  ['718-7', 'g/L', 115, 175],
  ['6690-2', '10*9/L', 3, 12],
  ['2345-7', 'mmol/L', 3, 16],
  ['2160-0', 'umol/L', 40, 140],
  ['29463-7', 'kg', 45, 95],
] as const;

/** mulberry32: small, fast, and the same everywhere. */
function randomOf(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const two = (value: number): string => String(value).padStart(2, '0');
type Body = { resourceType: string; [element: string]: unknown };
const entry = (url: string, resource: Body): object => ({
  fullUrl: url,
  resource,
  request: { method: 'POST', url: resource.resourceType },
});

/** Organisations, practitioners and places that everybody refers to, under ids of their own. */
export function shared(): string {
  const put = (resource: Body & { id: string }): object => ({
    resource,
    request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  });
  return JSON.stringify({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      ...Array.from({ length: organisations }, (_, n) =>
        put({
          resourceType: 'Organization',
          id: `bench-o${n}`,
          name: `测量医院${n}`,
          address: [{ city: cities[n % cities.length] }],
        }),
      ),
      ...Array.from({ length: organisations }, (_, n) =>
        put({
          resourceType: 'Location',
          id: `bench-l${n}`,
          name: `院区${n}`,
          position: { latitude: 29 + n / 10, longitude: 106 + n / 10 },
        }),
      ),
      ...Array.from({ length: practitioners }, (_, n) =>
        put({
          resourceType: 'Practitioner',
          id: `bench-p${n}`,
          identifier: [{ system: 'urn:bench:staff', value: `S${n}` }],
          name: [{ family: families[n % families.length] as string, given: [given[(n * 7) % given.length] as string] }],
        }),
      ),
    ],
  });
}

/** The transaction bundle of the n-th person. */
export function person(n: number): string {
  const random = randomOf(n + 1);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  let made = 0;
  const url = (): string =>
    `urn:uuid:${n.toString(16).padStart(8, '0')}-0000-4000-8000-${(made++).toString(16).padStart(12, '0')}`;
  const day = (from: number): string =>
    `${from + Math.floor(random() * 6)}-${two(1 + Math.floor(random() * 12))}-${two(1 + Math.floor(random() * 28))}`;
  const patient = url();
  const subject = { reference: patient };
  const doctor = (): { reference: string } => ({
    reference: `Practitioner/bench-p${Math.floor(random() * practitioners)}`,
  });
  const entries: object[] = [];
  const add = (resource: Body): string => {
    const at = url();
    entries.push(entry(at, resource));
    return at;
  };
  const female = random() < 0.5;
  entries.push(
    entry(patient, {
      resourceType: 'Patient',
      identifier: [{ system: system.record, value: `B${n}` }],
      active: true,
      name: [{ family: pick(families), given: [pick(given) + (random() < 0.6 ? pick(given) : '')] }],
      gender: female ? 'female' : 'male',
      birthDate: `${1935 + Math.floor(random() * 80)}-${two(1 + Math.floor(random() * 12))}-${two(1 + Math.floor(random() * 28))}`,
      address: [{ city: pick(cities), line: [`测试路${n % 900}号`], country: 'CN' }],
      managingOrganization: { reference: `Organization/bench-o${Math.floor(random() * organisations)}` },
    }),
  );
  for (let visit = 0; visit < 4; visit++) {
    const date = day(2020);
    const at = `${date}T${two(8 + Math.floor(random() * 9))}:${two(Math.floor(random() * 60))}:00+08:00`;
    const encounter = {
      reference: add({
        resourceType: 'Encounter',
        status: 'finished',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: random() < 0.8 ? 'AMB' : 'IMP' },
        subject,
        participant: [{ individual: doctor() }],
        period: { start: at, end: `${date}T19:00:00+08:00` },
        location: [{ location: { reference: `Location/bench-l${Math.floor(random() * organisations)}` } }],
      }),
    };
    const quantity = (value: number, unit: string): object => ({ value, unit, system: system.ucum, code: unit });
    const results = measurements.map(([code, unit, low, high], index) => ({
      reference: add({
        resourceType: 'Observation',
        status: random() < 0.95 ? 'final' : 'amended',
        category: [{ coding: [{ system: system.category, code: index < 4 ? 'laboratory' : 'vital-signs' }] }],
        code: { coding: [{ system: system.loinc, code }] },
        subject,
        encounter,
        effectiveDateTime: at,
        issued: at,
        performer: [doctor()],
        valueQuantity: quantity(Math.round((low + random() * (high - low)) * 10) / 10, unit),
        referenceRange: [{ low: quantity(low, unit), high: quantity(high, unit) }],
      }),
    }));
    // The fifth measurement's place is a blood pressure at two of the four visits: a resource with components.
    if (visit % 2 === 0)
      add({
        resourceType: 'Observation',
        meta: { profile: ['http://hl7.org/fhir/StructureDefinition/bp'] },
        status: 'final',
        category: [{ coding: [{ system: system.category, code: 'vital-signs' }] }],
        code: { coding: [{ system: system.loinc, code: '85354-9' }] },
        subject,
        encounter,
        effectiveDateTime: at,
        component: [
          ['8480-6', 100, 80],
          ['8462-4', 60, 40],
        ].map(([code, low, span]) => ({
          code: { coding: [{ system: system.loinc, code: String(code) }] },
          valueQuantity: quantity(Math.round(Number(low) + random() * Number(span)), 'mm[Hg]'),
        })),
      });
    add({
      resourceType: 'DiagnosticReport',
      status: 'final',
      category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'LAB' }] }],
      code: { coding: [{ system: system.loinc, code: '58410-2' }] },
      subject,
      encounter,
      effectiveDateTime: at,
      result: results,
    });
    if (visit < 3) {
      add({
        resourceType: 'Condition',
        clinicalStatus: {
          coding: [
            {
              system: 'http://terminology.hl7.org/CodeSystem/condition-clinical',
              code: random() < 0.7 ? 'active' : 'resolved',
            },
          ],
        },
        code: { coding: [{ system: system.icd10, code: pick(diseases) }] },
        subject,
        encounter,
        onsetDateTime: date,
        recordedDate: date,
      });
      add({
        resourceType: 'MedicationRequest',
        status: random() < 0.6 ? 'active' : 'completed',
        intent: 'order',
        medicationCodeableConcept: { coding: [{ system: system.drug, code: pick(drugs) }] },
        subject,
        encounter,
        authoredOn: at,
        requester: doctor(),
      });
    }
  }
  add({
    resourceType: 'RiskAssessment',
    status: 'final',
    subject,
    occurrenceDateTime: day(2020),
    prediction: [{ probabilityDecimal: Math.round(random() * 1000) / 1000 }],
  });
  add({
    resourceType: 'AllergyIntolerance',
    patient: subject,
    clinicalStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }],
    },
    criticality: random() < 0.2 ? 'high' : 'low',
    code: { coding: [{ system: 'urn:bench:allergen', code: pick(['penicillin', 'pollen', 'peanut', 'latex']) }] },
  });
  add({
    resourceType: 'Procedure',
    status: 'completed',
    code: { coding: [{ system: 'urn:bench:procedure', code: pick(['ecg', 'x-ray', 'endoscopy', 'dressing']) }] },
    subject,
    performedDateTime: day(2020),
  });
  add({
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: pick(['08', '20', '141', '213']) }] },
    patient: subject,
    occurrenceDateTime: day(2018),
  });
  return JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry: entries });
}
