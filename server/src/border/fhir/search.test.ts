import { resourceTypes } from '@hutong/fhir';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../../test/platform.ts';
import { bundleOf, count, idsOf, json, patientOf, put, type Resource, type Said, send } from './testing.ts';

let platform: TestPlatform;
let hospital: Hospital;
const loinc = 'http://loinc.org';
const ucum = 'http://unitsofmeasure.org';

beforeAll(async () => {
  platform = await testPlatform();
  hospital = await platform.hospital('HOSP-1');
  const put = (resource: Resource): object => ({
    resource,
    request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  });
  const lab = (
    id: string,
    patient: string,
    code: string,
    day: string,
    value?: number,
    unit = 'mmol/L',
    more: object = {},
  ): object =>
    put({
      resourceType: 'Observation',
      id,
      status: 'final',
      code: { coding: [{ system: loinc, code, display: code === '2345-7' ? 'Glucose, fasting' : 'Sodium' }] },
      subject: { reference: `Patient/${patient}` },
      effectiveDateTime: day,
      ...(value !== undefined && { valueQuantity: { value, unit, system: ucum, code: unit } }),
      ...more,
    });
  const answer = await send(
    hospital,
    'POST',
    '/fhir',
    bundleOf('transaction', [
      put({
        ...patientOf('m1', {
          name: [{ family: '张', given: ['三'], text: '张三' }],
          gender: 'male',
          birthDate: '1980-05-06',
        }),
        id: 'p1',
      }),
      put({
        ...patientOf('m2', { name: [{ family: 'Müller', given: ['Zoé'] }], gender: 'female', birthDate: '1991-07' }),
        id: 'p2',
      }),
      put({ ...patientOf('m3', { name: [{ family: 'muller' }] }), id: 'p3' }),
      lab('o1', 'p1', '2345-7', '2026-01-01', 5.4),
      lab('o2', 'p1', '2345-7', '2026-01-02T23:30:00Z', 97, 'mg/dL'),
      lab('o3', 'p2', '2951-2', '2026-02', 140),
      lab('o4', 'p2', '85354-9', '2026-03-01', undefined, '', {
        component: [
          {
            code: { coding: [{ system: loinc, code: '8480-6' }] },
            valueQuantity: { value: 120, unit: 'mmHg', system: ucum, code: 'mm[Hg]' },
          },
          {
            code: { coding: [{ system: loinc, code: '8462-4' }] },
            valueQuantity: { value: 80, unit: 'mmHg', system: ucum, code: 'mm[Hg]' },
          },
        ],
      }),
      put({ resourceType: 'Organization', id: 'org', name: '重庆医院' }),
      put({ resourceType: 'Organization', id: 'dept', name: 'Dept', partOf: { reference: 'Organization/org' } }),
      put({
        resourceType: 'Encounter',
        id: 'e1',
        status: 'finished',
        class: { code: 'AMB' },
        subject: { reference: 'Patient/p1' },
        serviceProvider: { reference: 'Organization/dept' },
      }),
      put({
        resourceType: 'Condition',
        id: 'flu',
        text: {
          status: 'generated',
          div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>流行性感冒</p> influenza</div>',
        },
        meta: { profile: ['http://x.example/profiles/a/b'] },
        code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'J10.100x001', display: '流感' }] },
        clinicalStatus: {
          coding: [
            {
              system: 'http://terminology.hl7.org/CodeSystem/condition-clinical',
              code: 'active',
              display: 'Active now',
            },
          ],
        },
        subject: { reference: 'Patient/p1' },
      }),
      put({
        resourceType: 'Condition',
        id: 'pressure',
        code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'I10.x00x002' }] },
        subject: { reference: 'Patient/p2' },
      }),
      put({
        resourceType: 'MolecularSequence',
        id: 'gene',
        coordinateSystem: 0,
        patient: { reference: 'Patient/p1' },
        referenceSeq: { chromosome: { coding: [{ system: 'urn:chr', code: '7' }] } },
        variant: [
          { start: 10, end: 20 },
          { start: 30, end: 40 },
        ],
      }),
      put({
        resourceType: 'List',
        id: 'l1',
        status: 'current',
        mode: 'working',
        entry: [{ item: { reference: 'Patient/p1' } }, { item: { reference: 'Patient/p3' } }],
      }),
      put({ resourceType: 'Location', id: 'near', name: 'Near', position: { latitude: 29.56, longitude: 106.55 } }),
      put({ resourceType: 'Location', id: 'far', name: 'Far', position: { latitude: 30.57, longitude: 104.07 } }),
      put({
        resourceType: 'ValueSet',
        id: 'v1',
        status: 'active',
        url: 'http://x.example/vs/a',
        useContext: [
          {
            code: { system: 'urn:c', code: 'focus' },
            valueCodeableConcept: { coding: [{ system: 'urn:f', code: '1' }] },
          },
          {
            code: { system: 'urn:c', code: 'venue' },
            valueCodeableConcept: { coding: [{ system: 'urn:f', code: '2' }] },
          },
        ],
      }),
    ]),
  );
  expect(answer.status, answer.text).toBe(200);
});
afterAll(() => platform.close());

const found = async (path: string): Promise<string[]> => {
  const answer = await json(hospital, `/fhir/${path}`);
  expect(answer.status, answer.text).toBe(200);
  return idsOf(answer).sort();
};

test.each([
  ['Patient?identifier=urn:mrn|m1', ['p1']],
  ['Patient?identifier=m1,m2', ['p1', 'p2']],
  ['Patient?identifier=urn:mrn|', ['p1', 'p2', 'p3']],
  ['Patient?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|MR|m2', ['p2']],
  ['Patient?name=张', ['p1']],
  ['Patient?family=mu', ['p2', 'p3']],
  ['Patient?family:exact=Müller', ['p2']],
  ['Patient?family:contains=ull', ['p2', 'p3']],
  ['Patient?gender:not=male', ['p2', 'p3']],
  ['Patient?gender:missing=true', ['p3']],
  ['Patient?birthdate=1991', ['p2']],
  ['Patient?birthdate=ge1980-05-06&birthdate=lt1981', ['p1']],
  ['Patient?_id=p1,p3', ['p1', 'p3']],
  ['Patient?_list=l1', ['p1', 'p3']],
  ['Encounter?service-provider:below=Organization/org', ['e1']],
  ['Encounter?service-provider:above=Organization/org', []],
  ['Organization?partof:above=Organization/dept', ['dept']],
  ['Condition?code:below=http://hl7.org/fhir/sid/icd-10|J10', ['flu']],
  ['Condition?code:above=http://hl7.org/fhir/sid/icd-10|J10.100x001', ['flu']],
  // A national code that the platform does not list is in the set by its place in ICD-10.
  ['Condition?code:in=urn:hutong:value-set:hypertension', ['pressure']],
  ['Condition?code:not-in=urn:hutong:value-set:hypertension', ['flu']],
  ['Condition?code:in=ValueSet/hutong-influenza-like-respiratory', ['flu']],
  ['Condition?clinical-status:text=active', ['flu']],
  ['Condition?_text=感冒', ['flu']],
  ['Condition?_text=influenza 流行', ['flu']],
  ['Condition?_text=流感', []],
  ['Condition?_profile:below=http://x.example/profiles', ['flu']],
  ['Patient?_has:Condition:patient:code:below=http://hl7.org/fhir/sid/icd-10|J10', ['p1']],
  ['MolecularSequence?chromosome-variant-coordinate=urn:chr|7$ge10$le20', ['gene']],
  ['MolecularSequence?chromosome-variant-coordinate=7$10$40', []],
  ['Patient?_has:Observation:patient:code=2951-2', ['p2']],
  ['Patient?_has:Encounter:subject:service-provider.name=Dept', ['p1']],
  ['Observation?patient=p1', ['o1', 'o2']],
  ['Observation?subject=Patient/p1&code=http://loinc.org|2345-7', ['o1', 'o2']],
  ['Observation?patient.name=zoe', ['o3', 'o4']],
  ['Observation?patient.identifier=urn:mrn|m1&date=2026-01-01', ['o1']],
  // 23:30 UTC on the second is the third in Chongqing, and a day without a zone is China's.
  ['Observation?date=2026-01-03', ['o2']],
  ['Observation?date=gt2026-01-31', ['o3', 'o4']],
  ['Observation?code:text=gluc', ['o1', 'o2']],
  ['Observation?combo-code=8480-6', ['o4']],
  ['Observation?value-quantity=5.4', ['o1']],
  ['Observation?value-quantity=5.4|http://unitsofmeasure.org|mmol/L', ['o1']],
  ['Observation?value-quantity=5.4||mmol/L', ['o1']],
  ['Observation?value-quantity=970|http://unitsofmeasure.org|mg/L', ['o2']],
  ['Observation?code-value-quantity=2345-7$gt5', ['o1', 'o2']],
  ['Observation?code-value-quantity=2951-2$lt100', []],
  ['Observation?component-code-value-quantity=8480-6$120', ['o4']],
  ['Observation?component-code-value-quantity=8480-6$80', []],
  ['Observation?combo-code-value-quantity=http://loinc.org|8462-4$lt90|http://unitsofmeasure.org|mm[Hg]', ['o4']],
  ['Encounter?service-provider.partof.name=重庆', ['e1']],
  ['Location?near=29.56|106.55|10|km', ['near']],
  ['Location?near=29.56|106.55|500|km', ['far', 'near']],
  ['ValueSet?url:below=http://x.example/vs', ['v1']],
  ['ValueSet?url:below=http://x.example/v', []],
  ['ValueSet?url:above=http://x.example/vs/a/b', ['v1']],
  ['ValueSet?context-type-value=focus$1', ['v1']],
  ['ValueSet?context-type-value=focus$2', []],
  ['Patient?_filter=name co "ull" and gender eq female', ['p2']],
])('%s', async (path, expected) => {
  expect(await found(path)).toEqual(expected);
});

test('absolute references to our own address are local ones, in resources and in searches', async () => {
  await put(hospital, {
    resourceType: 'Observation',
    id: 'abs',
    status: 'final',
    code: { text: 'absolute' },
    subject: { reference: `${platform.base}/fhir/Patient/p3` },
  });
  expect(await found('Observation?patient=p3')).toEqual(['abs']);
  expect(await found(`Observation?subject=${platform.base}/fhir/Patient/p3`)).toEqual(['abs']);
  expect(await found('Observation?subject=http://elsewhere.example/fhir/Patient/p3')).toEqual([]);
});

test('a foreign address that ends like a local one is about nobody here', async () => {
  const answer = await put(hospital, {
    resourceType: 'Observation',
    id: 'foreign',
    status: 'final',
    code: { text: 'foreign' },
    subject: { reference: 'http://elsewhere.example/fhir/Patient/p1' },
  });
  expect(answer.status).toBe(201);
  expect(await found('Observation?patient=p1')).toEqual(['o1', 'o2']);
  expect((await platform.pool.query("select subject from store.resource where id = 'foreign'")).rows).toEqual([
    { subject: null },
  ]);
  expect(idsOf(await json(hospital, '/fhir/Observation?_id=foreign&_include=Observation:subject'), 'include')).toEqual(
    [],
  );
});

test('includes forward, backward, iterated and with stars', async () => {
  const included = async (path: string): Promise<string[]> =>
    idsOf(await json(hospital, `/fhir/${path}`), 'include').sort();
  expect(await included('Encounter?_id=e1&_include=Encounter:service-provider')).toEqual(['dept']);
  expect(
    await included('Encounter?_id=e1&_include=Encounter:service-provider&_include:iterate=Organization:partof'),
  ).toEqual(['dept', 'org']);
  expect(await included('Encounter?_id=e1&_include=*')).toEqual(['dept', 'p1']);
  expect(await included('Encounter?_id=e1&_include=Encounter:*')).toEqual(['dept', 'p1']);
  expect(await included('Patient?_id=p1&_revinclude=Observation:patient')).toEqual(['o1', 'o2']);
  expect(await included('Patient?_id=p1&_revinclude=*')).toEqual(['e1', 'flu', 'gene', 'l1', 'o1', 'o2']);
  expect(
    await included(
      'Organization?_id=org&_revinclude=Organization:partof&_revinclude:iterate=Encounter:service-provider',
    ),
  ).toEqual(['dept', 'e1']);
  expect(await included('Encounter?_id=e1&_include=Encounter:subject:Group')).toEqual([]);
});

test('POST _search, system-level search and _type', async () => {
  const form = await send(hospital, 'POST', '/fhir/Patient/_search', 'identifier=urn:mrn|m1', {
    'content-type': 'application/x-www-form-urlencoded',
  });
  expect(idsOf(form)).toEqual(['p1']);
  const both = await json(hospital, '/fhir?_type=Organization,Location&_sort=_id&_count=3');
  expect(idsOf(both)).toEqual(['dept', 'far', 'near']);
  const rest = await json(hospital, both.body.link[1].url.slice(platform.base.length));
  expect(idsOf(rest)).toEqual(['org']);
  expect(idsOf(await json(hospital, '/fhir?_id=p1'))).toEqual(['p1']);
  expect((await json(hospital, '/fhir?_type=Organization,Locaton')).body.issue[0].diagnostics).toContain('Locaton');
});

test('_sort on dates, texts and several keys; rows without a value come last', async () => {
  const order = async (path: string): Promise<string[]> => idsOf(await json(hospital, `/fhir/${path}`));
  expect(await order('Patient?_sort=birthdate')).toEqual(['p1', 'p2', 'p3']);
  expect(await order('Patient?_sort=-birthdate')).toEqual(['p2', 'p1', 'p3']);
  expect(await order('Patient?_sort=-_id')).toEqual(['p3', 'p2', 'p1']);
  expect(await order('Patient?_sort=family,-_id')).toEqual(['p3', 'p2', 'p1']);
  expect(await order('Observation?_id=o1,o2,o3,o4&_sort=-date')).toEqual(['o4', 'o3', 'o2', 'o1']);
  expect(await order('Patient?_sort=gender,_id')).toEqual(['p2', 'p1', 'p3']);
  expect(await order('Observation?_id=o1,o2,o3,o4&_sort=-status,date')).toHaveLength(4);
  expect((await json(hospital, '/fhir/Location?_sort=near')).status).toBe(400);
});

const pages = async (path: string, between: () => Promise<unknown>): Promise<string[]> => {
  const seen: string[] = [];
  let next: string | undefined = path;
  while (next) {
    const page: Said = await json(hospital, next);
    expect(page.status, page.text).toBe(200);
    seen.push(...idsOf(page));
    next = page.body.link
      .find(({ relation }: { relation: string }) => relation === 'next')
      ?.url.slice(platform.base.length);
    await between();
  }
  return seen;
};

test('pages neither repeat nor skip while others write', async () => {
  const make = (id: string, day: string): Promise<Said> =>
    put(hospital, {
      resourceType: 'Procedure',
      id,
      status: 'completed',
      subject: { reference: 'Patient/p1' },
      performedDateTime: day,
    });
  const expected: string[] = [];
  for (let n = 0; n < 23; n++) {
    // Equal sort values across page boundaries are the hard case.
    await make(`pg${n}`, `2026-01-${String(10 + Math.floor(n / 8)).padStart(2, '0')}`);
    expected.push(`pg${n}`);
  }
  for (const sort of ['', '&_sort=date', '&_sort=-date', '&_sort=_lastUpdated', '&_sort=-_id', '&_sort=date,-_id']) {
    let extra = 0;
    const seen = await pages(`/fhir/Procedure?patient=p1&_count=4${sort}`, async () => {
      if (extra < 3) await make(`extra${sort.replace(/\W/g, '')}${extra++}`, '2026-01-11');
    });
    expect(seen.filter((id) => id.startsWith('pg')).sort(), sort).toEqual([...expected].sort());
    expect(new Set(seen).size, sort).toBe(seen.length);
  }
});

test('rows that are changed while a client pages newest first are not missed', async () => {
  const make = (id: string, text: string): Promise<Said> =>
    put(hospital, { resourceType: 'Flag', id, status: 'active', code: { text }, subject: { reference: 'Patient/p1' } });
  const all = Array.from({ length: 12 }, (_, n) => `fl${n}`);
  for (const id of all) await make(id, 'before');
  await new Promise((done) => setTimeout(done, 1100));
  let changed = 0;
  // Always one of the oldest, which the pages have not reached yet.
  const seen = await pages('/fhir/Flag?_count=4', async () => {
    if (changed < 2) await make(`fl${changed++}`, 'after');
  });
  expect(new Set(seen)).toEqual(new Set(all));
  expect(seen.length).toBe(all.length);
});

test('a page address is sealed: made up, changed or taken to another search it is refused', async () => {
  const first = await json(hospital, '/fhir/Patient?_count=1&_sort=family');
  const next = new URL(first.body.link[1].url);
  const after = next.searchParams.get('_after') as string;
  expect(Buffer.from(after, 'base64url').toString('latin1')).not.toMatch(/muller|张/i);
  for (const forged of ['x', after.slice(0, -2), Buffer.from('[["a"],"1"]').toString('base64url'), `${after}AAAA`]) {
    const answer = await json(hospital, `/fhir/Patient?_count=1&_sort=family&_after=${encodeURIComponent(forged)}`);
    expect([answer.status, answer.body.issue[0].expression], forged).toEqual([400, ['_after']]);
  }
  expect((await json(hospital, `/fhir/Patient?_count=1&_sort=family&gender=male&_after=${after}`)).status).toBe(400);
});

test('_total, _summary and _count', async () => {
  expect(await count(hospital, '/fhir/Patient')).toBe(3);
  const answer = await json(hospital, '/fhir/Patient?_count=1&_total=accurate');
  expect([answer.body.total, idsOf(answer).length]).toEqual([3, 1]);
  expect((await json(hospital, '/fhir/Patient?_count=0')).body).toMatchObject({ total: 3 });
  expect((await json(hospital, '/fhir/Patient?_id=p1&_summary=true')).body.entry[0].resource.meta.tag[0].code).toBe(
    'SUBSETTED',
  );
  expect(
    Object.keys((await json(hospital, '/fhir/Patient?_id=p1&_elements=gender')).body.entry[0].resource).sort(),
  ).toEqual(['gender', 'id', 'meta', 'resourceType']);
});

test.each([
  ['Patient?nmae=x', 'nmae'],
  ['Patient?name:contians=x', 'name'],
  ['Patient?birthdate=yesterday', 'birthdate'],
  ['Patient?_cuont=1', '_cuont'],
  ['Patient?general-practitioner.nmae=x', 'general-practitioner.nmae'],
  ['Patient?_has:Observation:patint:code=1', '_has:Observation:patint:code'],
  ['Patient?_include=Patient:orgnization', 'orgnization'],
  ['Patient?gender:above=male', 'gender:above'],
  ['Patient?_has:Observation:patient:_content=x', '_content'],
  ['Patient?gender:in=http://nowhere.example/vs', 'gender:in'],
  ['Observation?code:below=2345-7', 'code:below'],
  ['Observation?code:below=urn:nowhere|1', 'code:below'],
  ['Encounter?service-provider:below=http://elsewhere.example/Organization/org', 'service-provider:below'],
  ['Observation?subject:below=Group/1', 'subject:below'],
  [`Patient?name=${'x'.repeat(300)}`, 'name'],
  ['Patient?_sort=nmae', '_sort'],
])('%s is refused with its name', async (path, name) => {
  const answer = await json(hospital, `/fhir/${path}`);
  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body.issue)).toContain(name);
  expect(answer.body.entry).toBeUndefined();
});

test('the capability statement names what is answered: each type’s parameters are asked for', async () => {
  const { body } = await json(hospital, '/fhir/metadata');
  expect(body.rest[0].resource).toHaveLength(resourceTypes.length);
  const samples: Record<string, string> = {
    token: 'a|b',
    string: 'a',
    reference: 'urn:uuid:1',
    date: '2026',
    number: '1',
    quantity: '1',
    uri: 'urn:x',
    special: '1|1|1|km',
  };
  for (const type of [
    'Observation',
    'Patient',
    'Location',
    'DocumentReference',
    'ValueSet',
    'Encounter',
    'MolecularSequence',
  ]) {
    const { searchParam } = body.rest[0].resource.find((resource: { type: string }) => resource.type === type);
    for (const { name, type: kind } of searchParam as { name: string; type: string }[]) {
      const value =
        samples[kind] ??
        (name === 'relationship'
          ? 'DocumentReference/1$a'
          : name.includes('quantity')
            ? 'a$1'
            : name.endsWith('coordinate')
              ? 'a$1$2'
              : name.endsWith('date')
                ? 'a$2026'
                : 'a$b');
      const answer = await json(hospital, `/fhir/${type}?${name}=${encodeURIComponent(value)}&_count=1`);
      expect(answer.status, `${type}?${name}=${value} ${answer.text}`).toBe(200);
    }
  }
});
