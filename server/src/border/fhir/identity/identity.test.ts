import { checkDigit, makeResidentNumber } from '@hutong/china';
import { systems } from '@hutong/contract/systems.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../../../test/platform.ts';

let platform: TestPlatform;
let here: Hospital;
let there: Hospital;
const number = makeResidentNumber({ areaCode: '500999', birthDate: '1980-05-06', sequence: 3 });

const patient = (hospital: Hospital, id: string, more: object): object => ({
  resourceType: 'Patient',
  identifier: [{ system: `urn:test:${hospital.code}`, value: id, type: { coding: [{ code: 'MR' }] } }],
  ...more,
});
const post = (hospital: Hospital, path: string, body: object): Promise<Response> =>
  hospital.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json' },
    body: JSON.stringify(body),
  });

beforeAll(async () => {
  platform = await testPlatform();
  here = await platform.hospital('500112H01');
  there = await platform.hospital('500106H02');
  const zhang = {
    name: [{ text: '张小明' }],
    gender: 'male',
    birthDate: '1980-05-06',
    telecom: [{ system: 'phone', value: '12911112222' }],
  };
  const withNumber = (hospital: Hospital, id: string) => {
    const made = patient(hospital, id, zhang) as { identifier: object[] };
    made.identifier.push({ system: systems.residentNumber, value: number });
    return made;
  };
  const wang = { name: [{ text: '王芳' }], gender: 'female', birthDate: '1990-07-08' };
  for (const [hospital, body] of [
    [here, withNumber(here, 'h1')],
    [there, withNumber(there, 't1')],
    [here, patient(here, 'h2', { ...wang, telecom: [{ system: 'phone', value: '12933334444' }] })],
    [there, patient(there, 't2', { ...wang, telecom: [{ system: 'phone', value: '12955556666' }] })],
  ] as const)
    expect((await post(hospital, '/fhir/Patient', body)).status).toBe(201);
  await platform.settled();
});
afterAll(() => platform?.close());

type Found = {
  total: number;
  entry?: {
    resource: { resourceType: string; identifier?: { system: string; value: string }[] };
    search: { mode: string; score?: number; extension?: { valueCode: string }[] };
  }[];
};
const ask = async (hospital: Hospital, resource: object, more: object[] = []): Promise<Found> => {
  const response = await post(hospital, '/fhir/Patient/$match', {
    resourceType: 'Parameters',
    parameter: [{ name: 'resource', resource: { resourceType: 'Patient', ...resource } }, ...more],
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Found;
};
const grades = ({ entry = [] }: Found): (string | undefined)[] =>
  entry.filter(({ search }) => search.mode === 'match').map(({ search }) => search.extension?.[0]?.valueCode);
const known = { identifier: [{ system: systems.residentNumber, value: number }], name: [{ text: '张小明' }] };
const wang = { name: [{ text: '王芳' }], birthDate: '1990-07-08', gender: 'female' };

test('who may not trace gets one record, and only if it is certain and unique', async () => {
  const found = await ask(here, known);
  expect(grades(found)).toEqual(['certain']);
  expect(found.entry?.[0]?.resource.identifier?.some(({ system }) => system === 'urn:hutong:resident')).toBe(true);
  const vague = await ask(here, wang);
  expect(vague.total).toBe(0);
  expect(vague.entry?.[0]?.search.mode).toBe('outcome');
});

test('an institution that was granted the right to trace gets candidates with grades, ordered by score', async () => {
  const staff = await platform.staff('administrator');
  const granted = await staff('/api/identity/tracers', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ institution: there.code, allowed: true }),
  });
  expect(granted.status).toBe(200);
  const found = await ask(there, wang);
  expect(found.total).toBe(2);
  expect(grades(found).every((grade) => grade === 'probable' || grade === 'possible')).toBe(true);
  const scores = (found.entry ?? []).map(({ search }) => search.score ?? 0);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  expect((await ask(there, wang, [{ name: 'count', valueInteger: 1 }])).entry).toHaveLength(1);
  expect(grades(await ask(there, wang, [{ name: 'onlyCertainMatches', valueBoolean: true }]))).toEqual([]);
  expect(grades(await ask(there, known, [{ name: 'onlyCertainMatches', valueBoolean: true }]))).toEqual(['certain']);
  const stranger = await ask(there, { name: [{ text: '赵铁柱' }], birthDate: '1949-10-01', gender: 'male' });
  expect(stranger.total).toBe(0);
});

test('too little to recognise anybody by is refused with a code, and an unknown parameter by its name', async () => {
  const little = await post(here, '/fhir/Patient/$match', {
    resourceType: 'Parameters',
    parameter: [{ name: 'resource', resource: { resourceType: 'Patient', name: [{ text: '张小明' }] } }],
  });
  expect(little.status).toBe(422);
  expect(JSON.stringify(await little.json())).toContain('HT-IDENTITY-006');
  const odd = await post(here, '/fhir/Patient/$match', {
    resourceType: 'Parameters',
    parameter: [{ name: 'fuzzy', valueBoolean: true }],
  });
  expect(odd.status).toBe(400);
});

test('cross-reference tells whoever knows the person the other identifiers, and nobody else that there is one', async () => {
  const pix = (hospital: Hospital, source: string, more = ''): Promise<Response> =>
    hospital.fetch(`/fhir/Patient/$ihe-pix?sourceIdentifier=${encodeURIComponent(source)}${more}`);
  const answered = await pix(here, `urn:test:${here.code}|h1`);
  expect(answered.status).toBe(200);
  const { parameter } = (await answered.json()) as {
    parameter: { name: string; valueIdentifier?: { system: string; value: string } }[];
  };
  const identifiers = parameter.flatMap(({ valueIdentifier }) =>
    valueIdentifier ? [`${valueIdentifier.system}|${valueIdentifier.value}`] : [],
  );
  expect(identifiers).toContain(`urn:test:${there.code}|t1`);
  expect(identifiers).toContain(`${systems.residentNumber}|${number}`);
  const one = await pix(
    here,
    `urn:test:${here.code}|h1`,
    `&targetSystem=${encodeURIComponent(`urn:test:${there.code}`)}`,
  );
  expect(((await one.json()) as { parameter: object[] }).parameter).toHaveLength(1);
  expect((await pix(here, `urn:test:${there.code}|t2`)).status).toBe(404);
  expect((await pix(here, 'urn:nobody|1')).status).toBe(404);
  expect((await pix(here, 'nonsense')).status).toBe(400);
});

test('every match is in the audit of the resident it named', async () => {
  const { rows } = await platform.pool.query(
    "select count(*)::int as n from audit.entry where what = 'Patient/$match' and resident is not null and ground = 'identity-match'",
  );
  expect((rows[0] as { n: number }).n).toBeGreaterThan(0);
});

const residentOf = async (hospital: Hospital, name: string): Promise<string | null> => {
  const { rows } = await platform.pool.query<{ resident: string }>(
    'select s.resident::text from identity.source s join directory.institution i on i.id = s.institution where i.code = $1 and s.name = $2',
    [hospital.code, name],
  );
  expect(rows).toHaveLength(1);
  return rows[0]?.resident ?? null;
};

test('full-width digits and a small x are the same number; one of an impossible day is taken, links nobody and recognises nobody', async () => {
  const sequence = Array.from({ length: 99 }, (_, n) => 101 + 2 * n).find((n) =>
    makeResidentNumber({ areaCode: '500999', birthDate: '1966-07-08', sequence: n }).endsWith('X'),
  ) as number;
  const right = makeResidentNumber({ areaCode: '500999', birthDate: '1966-07-08', sequence });
  const wide = [...right].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join('');
  const who = { name: [{ text: '石德安' }], gender: 'male', birthDate: '1966-07-08' };
  const register = async (hospital: Hospital, id: string, value: string, more: object = who): Promise<void> => {
    const body = patient(hospital, id, more) as { identifier: object[] };
    body.identifier.push({ system: systems.residentNumber, value });
    expect((await post(hospital, '/fhir/Patient', body)).status).toBe(201);
  };
  await register(here, 'w1', wide);
  await register(there, 'w2', right.toLowerCase());
  await platform.settled();
  expect(await residentOf(here, '石德安')).toBe(await residentOf(there, '石德安'));
  const first17 = '50099919900230001';
  const impossible = first17 + checkDigit(first17);
  await register(here, 'i1', impossible, { name: [{ text: '温如海' }], gender: 'male' });
  await register(there, 'i2', impossible, { name: [{ text: '温如海' }], gender: 'male' });
  await platform.settled();
  expect(await residentOf(here, '温如海')).not.toBe(await residentOf(there, '温如海'));
  const response = await post(here, '/fhir/Patient/$match', {
    resourceType: 'Parameters',
    parameter: [
      {
        name: 'resource',
        resource: { resourceType: 'Patient', identifier: [{ system: systems.residentNumber, value: impossible }] },
      },
    ],
  });
  expect([response.status, JSON.stringify(await response.json())]).toEqual([
    422,
    expect.stringContaining('HT-IDENTITY-006'),
  ]);
});

test('two people who claim one number at the same instant at two hospitals, twenty times over, are never one', async () => {
  for (let round = 0; round < 20; round++) {
    const value = makeResidentNumber({ areaCode: '500999', birthDate: '1971-03-04', sequence: 501 + 2 * round });
    const claim = (hospital: Hospital, id: string, name: string): Promise<Response> => {
      const body = patient(hospital, id, { name: [{ text: name }], gender: 'male', birthDate: '1971-03-04' }) as {
        identifier: object[];
      };
      body.identifier.push({ system: systems.residentNumber, value });
      return post(hospital, '/fhir/Patient', body);
    };
    const [one, other] = [`柳成荫${round}`, `郝思嘉${round}`];
    const answers = await Promise.all([claim(here, `c${round}`, one), claim(there, `d${round}`, other)]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(await residentOf(here, one)).not.toBe(await residentOf(there, other));
  }
});
