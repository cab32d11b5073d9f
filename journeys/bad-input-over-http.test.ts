import type { InboxMessage } from '@hutong/contract/console.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Hospital } from '../server/test/platform.ts';
import { storedBodies, storedMessages } from '../server/test/stored.ts';
import { type BadInputStand, openBadInputStand, type Sentence } from './faults/bad-input-stand.ts';

let stand: BadInputStand;
let hospital: Hospital;

beforeAll(async () => {
  stand = await openBadInputStand();
  hospital = stand.hospital;
});
afterAll(() => stand?.platform.close());
const recordSize = (): Promise<object[]> => stand.recordSize();

describe('FHIR', () => {
  const json = { 'content-type': 'application/fhir+json' };
  const post = (
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
    method = 'POST',
  ): Promise<Response> =>
    hospital.fetch(path, {
      method,
      headers: { ...json, ...headers },
      body: (typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)) as never,
    });
  const bundle = (...entry: object[]): object => ({ resourceType: 'Bundle', type: 'transaction', entry });
  const patient = (id: string, more: object = {}): object => ({
    request: { method: 'PUT', url: `Patient/${id}` },
    resource: { resourceType: 'Patient', id, identifier: [{ system: 'urn:bad', value: id }], ...more },
  });
  const observation = (reference: string): object => ({
    request: { method: 'POST', url: 'Observation' },
    resource: { resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: { reference } },
  });

  test.each([
    [
      'a reference to nobody',
      'f1',
      bundle(patient('f1'), observation('Patient/nobody-here')),
      422,
      {
        rule: 'fhir.not-found',
        path: 'Bundle.entry[1].resource.subject',
        zh: '引用的资源不存在',
        en: 'The reference leads to a resource that does not exist',
      },
    ],
    [
      'a urn that no entry explains',
      'f2',
      bundle(patient('f2'), observation('urn:uuid:11111111-1111-4111-8111-111111111111')),
      422,
      {
        rule: 'fhir.not-found',
        path: 'Bundle.entry[1].resource.subject',
        zh: '引用的资源不在本批次中',
        en: 'The reference leads to nothing in this bundle',
      },
    ],
    [
      'two entries with one id',
      'f3',
      bundle(patient('f3'), patient('f3', { gender: 'male' })),
      422,
      {
        rule: 'fhir.invalid',
        path: 'Bundle.entry[1]',
        zh: '同一批次中有两个条目写同一资源',
        en: 'Two entries of this bundle write the same resource',
      },
    ],
    [
      'gender xyz',
      'f4',
      bundle(patient('f4', { gender: 'xyz' })),
      422,
      {
        rule: 'fhir.code-invalid',
        path: 'Bundle.entry[0].resource.gender',
        zh: '“xyz”不在必须使用的值集 administrative-gender 中: male, female, other, unknown。',
        en: '"xyz" is not in the required value set administrative-gender: male, female, other, unknown.',
      },
    ],
    [
      'a type that does not exist',
      'f5',
      bundle(patient('f5'), { request: { method: 'POST', url: 'Foo' }, resource: { resourceType: 'Foo' } }),
      400,
      {
        rule: 'fhir.not-supported',
        path: 'Bundle.entry[1]',
        zh: '没有“Foo”这种资源类型',
        en: 'There is no resource type "Foo"',
      },
    ],
  ] as const)(
    '%s: the place is named, the bundle is kept, and nothing of it is written',
    async (_what, controlId, body, status, sentence) => {
      const before = await recordSize();
      const response = await post('/fhir', body, { 'x-request-id': controlId });
      expect(response.status).toBe(status);
      expect(((await response.json()) as { issue: object[] }).issue).toContainEqual(
        expect.objectContaining({
          severity: 'error',
          expression: [sentence.path],
          diagnostics: sentence.en,
          details: { coding: [{ system: 'urn:hutong:rule', code: sentence.rule }], text: sentence.zh },
        }),
      );
      await stand.expectHeld(controlId, sentence);
      expect(await recordSize()).toEqual(before);
    },
  );

  test('five thousand levels of nesting are too many, and fifty thousand do no harm', async () => {
    const before = await recordSize();
    const nested = `${'[{"url":"urn:x","extension":'.repeat(5000)}[]${'}]'.repeat(5000)}`;
    const deep = await post(
      '/fhir',
      `{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"PUT","url":"Patient/d1"},"resource":{"resourceType":"Patient","id":"d1","extension":${nested}}}]}`,
    );
    expect(deep.status).toBe(400);
    expect(((await deep.json()) as { issue: { details: { text: string } }[] }).issue[0]?.details.text).toBe(
      '内容嵌套超过 150 层',
    );
    expect(
      (
        await post(
          '/fhir',
          `{"resourceType":"Bundle","type":"transaction","entry":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
        )
      ).status,
    ).toBe(400);
    expect(await recordSize()).toEqual(before);
  });

  test('what is not UTF-8 or not JSON: 400, kept with the reason', async () => {
    const spoilt = Buffer.concat([
      Buffer.from('{"resourceType":"Patient","id":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]);
    for (const [body, zh] of [
      [spoilt, '内容不是有效的 UTF-8'],
      ['{"resourceType":', '内容不是有效的 JSON'],
    ] as const) {
      const response = await post('/fhir', body);
      expect(response.status).toBe(400);
      expect(((await response.json()) as { issue: { details: { text: string } }[] }).issue[0]?.details.text).toBe(zh);
      expect(
        (await storedMessages(stand.platform.pool, 'm.id', 'o.zh = $1', [zh])).filter(({ raw }) =>
          raw.equals(Buffer.from(body as string)),
        ),
      ).toHaveLength(1);
    }
  });

  test('text that no database can hold (NUL, half a surrogate pair) is refused like any other wrong value', async () => {
    for (const text of ['a\\u0000b', 'a\\ud800b'])
      expect(
        (
          await post(
            '/fhir',
            `{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"PUT","url":"Patient/n1"},"resource":{"resourceType":"Patient","id":"n1","name":[{"text":"${text}"}]}}]}`,
          )
        ).status,
      ).toBe(422);
    expect((await hospital.fetch('/fhir/Patient/n1')).status).toBe(404);
  });

  test('of two updates that saw the same version one wins; the other, and one that saw a version that never was, get 412', async () => {
    const put = (gender: string | undefined, version?: number): Promise<Response> =>
      post(
        '/fhir/Patient/m1',
        {
          resourceType: 'Patient',
          id: 'm1',
          identifier: [{ system: 'urn:bad', value: 'm1' }],
          ...(gender && { gender }),
        },
        version ? { 'if-match': `W/"${version}"` } : {},
        'PUT',
      );
    expect((await put(undefined)).status).toBe(201);
    expect((await put('other', 7)).status).toBe(412);
    const race = await Promise.all([put('male', 1), put('female', 1)]);
    expect(race.map(({ status }) => status).sort()).toEqual([200, 412]);
    const stored = (await (await hospital.fetch('/fhir/Patient/m1')).json()) as {
      gender: string;
      meta: { versionId: string };
    };
    expect(stored).toMatchObject({ gender: race[0]?.status === 200 ? 'male' : 'female', meta: { versionId: '2' } });
  });

  test('of conditional creates at the same instant one creates and the others find it', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        post(
          '/fhir/Patient',
          { resourceType: 'Patient', identifier: [{ system: 'urn:cond', value: 'one' }] },
          { 'if-none-exist': 'identifier=urn:cond|one' },
        ),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ headers }) => headers.get('location'))).size).toBe(1);
    expect((await storedBodies(stand.platform.pool)).filter((body) => body.includes('"urn:cond"'))).toHaveLength(1);
  });
});

describe('shared documents', () => {
  const laughs = Array.from({ length: 9 }, (_, at) => `<!ENTITY lol${at + 1} "${`&lol${at || ''};`.repeat(10)}">`).join(
    '',
  );
  test.each([
    [
      'a billion laughs',
      `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">${laughs}]><ClinicalDocument xmlns="urn:hl7-org:v3">&lol9;</ClinicalDocument>`,
      'cda.doctype-refused',
    ],
    [
      'an entity that reads a file',
      '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><ClinicalDocument xmlns="urn:hl7-org:v3">&e;</ClinicalDocument>',
      'cda.doctype-refused',
    ],
    [
      'a hundred thousand elements inside one another',
      `<ClinicalDocument xmlns="urn:hl7-org:v3">${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}</ClinicalDocument>`,
      'cda.limit-exceeded',
    ],
    ['a document cut off', '<ClinicalDocument xmlns="urn:hl7-org:v3"><id', 'cda.not-well-formed'],
  ])('%s: 422 at once, kept with the reason in both languages, nothing expanded', async (_what, xml, rule) => {
    const before = await recordSize();
    const started = performance.now();
    const response = await hospital.fetch('/documents', {
      method: 'POST',
      headers: { 'content-type': 'application/xml' },
      body: xml,
    });
    expect(response.status).toBe(422);
    expect(performance.now() - started).toBeLessThan(3000);
    const { code, id, issues } = (await response.json()) as { code: string; id: string; issues: Sentence[] };
    expect(code).toBe('HT-BORDER-001');
    expect(issues[0]).toMatchObject({
      rule,
      zh: expect.stringMatching(/\p{Script=Han}/u),
      en: expect.stringMatching(/[a-z]/),
    });
    expect((await (await stand.integrator(`/api/inbox/${id}`)).json()) as InboxMessage).toMatchObject({
      state: 'held',
      rule,
      zh: issues[0]?.zh,
      en: issues[0]?.en,
    });
    expect(await recordSize()).toEqual(before);
  });
});
