import { makeResidentNumber } from '@hutong/china';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../../test/platform.ts';

let platform: TestPlatform;
let here: Hospital;
let there: Hospital;
const number = makeResidentNumber({ areaCode: '500999', birthDate: '1980-05-06', sequence: 3 });
const own = '2.16.156.10011.1.11';
let messages = 0;

type Said = { status: number; outcome: string; text: string };
const send = async (hospital: Hospital, body: string | Buffer): Promise<Said> => {
  const answer = await hospital.fetch('/registration', {
    method: 'POST',
    headers: { 'content-type': 'application/xml' },
    body: body as BodyInit,
  });
  return {
    status: answer.status,
    outcome: answer.headers.get('x-message-outcome') ?? '',
    text: await answer.text(),
  };
};
const message = (interaction: string, inner: string, id = `M${++messages}`): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<${interaction} xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ITSVersion="XML_1.0">
<id root="2.16.156.10011.2.5.1.1" extension="${id}"/><creationTime value="2026112008${String(messages % 60).padStart(2, '0')}00"/>
<interactionId root="2.16.840.1.113883.1.6" extension="${interaction}"/>
<controlActProcess classCode="CACT" moodCode="EVN">${inner}</controlActProcess></${interaction}>`;
const registration = (patient: string, more = ''): string =>
  `<subject typeCode="SUBJ"><registrationRequest classCode="REG" moodCode="RQO"><subject1 typeCode="SBJ"><patient classCode="PAT">${patient}</patient></subject1>${more}</registrationRequest></subject>`;
/** As the regional services write it: lists wrapped in `item`. */
const wrapped = (id: string, name: string, more = ''): string =>
  `<id xsi:type="DSET_II"><item root="${own}" extension="${id}"/></id>
   <patientPerson><name xsi:type="DSET_EN"><item><part value="${name}"/></item></name>
   <administrativeGenderCode code="1" codeSystem="2.16.156.10011.2.3.3.4"/><birthTime value="19800506"/>${more}</patientPerson>`;
const withNumber = `<id xsi:type="DSET_II"><item root="2.16.156.10011.1.3" extension="${number}"/></id>`;
const query = (interaction: string, parameters: string): string =>
  message(
    interaction,
    `<queryByParameter><queryId root="q" extension="1"/><initialQuantity value="10"/><parameterList>${parameters}</parameterList></queryByParameter>`,
  );
const rules = ({ text }: Said): string[] =>
  [...text.matchAll(/<acknowledgementDetail[^>]*>\s*<code code="([^"]+)"/g)].map((found) => found[1] as string);
const code = ({ text }: Said): string => /<acknowledgement typeCode="(\w\w)"/.exec(text)?.[1] ?? '';
const source = async (
  name: string,
): Promise<{ resident: string; how: string; phone: boolean; sex: string; birth: string }[]> =>
  (
    await platform.pool.query(
      'select resident::text, how, phone_index is not null as phone, sex, birth_date as birth from identity.source where name = $1',
      [name],
    )
  ).rows;

beforeAll(async () => {
  platform = await testPlatform();
  here = await platform.hospital('500112H01');
  there = await platform.hospital('500106H02');
}, 240_000);
afterAll(() => platform?.close());

test('a registration is durable, answered by its own interaction, and one resident whoever sends it', async () => {
  const said = await send(here, message('PRPA_IN201311UV02', registration(wrapped('R1', '张小明', withNumber))));
  expect([said.status, said.outcome, code(said)]).toEqual([200, 'taken', 'AA']);
  expect(said.text).toContain('<PRPA_IN201312UV02 xmlns="urn:hl7-org:v3"');
  const plain = `<id root="${own}" extension="R9"/><patientPerson><id root="2.16.156.10011.1.3" extension="${number}"/><name>张小明</name><birthTime value="19800506"/></patientPerson>`;
  const other = await send(there, message('PRPA_IN201301UV02', registration(plain)));
  expect(other.text).toContain('<MCCI_IN000002UV01');
  await platform.settled();
  const rows = await source('张小明');
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({ resident: rows[1]?.resident, how: 'resident-number', birth: '1980-05-06' });
});

test('what has no place in the record is counted, as for every other format', async () => {
  const more = `<maritalStatusCode code="20"/><maritalStatusCode nullFlavor="UNK"/><asEmployee><employerOrganization><name>某公司</name></employerOrganization></asEmployee>`;
  const said = await send(here, message('PRPA_IN201311UV02', registration(wrapped('R8', '孙未映', more))));
  expect(code(said)).toBe('AA');
  await platform.settled();
  const { rows } = await platform.pool.query(
    `select o.unmapped from intake.outcome o join intake.message m on m.id = o.message where m.protocol = 'registration' order by m.id desc limit 1`,
  );
  const above = '/PRPA_IN201311UV02/controlActProcess/subject/registrationRequest/subject1/patient/patientPerson';
  expect(rows[0].unmapped).toEqual([
    { path: `${above}/maritalStatusCode`, count: 1 },
    { path: `${above}/asEmployee`, count: 1 },
  ]);
});

test('the same message again has the same answer and is one registration', async () => {
  const text = message('PRPA_IN201311UV02', registration(wrapped('R2', '李国庆')));
  const first = await send(here, text);
  const second = await send(here, text);
  expect([first.outcome, second.outcome]).toEqual(['taken', 'again']);
  expect(second.text).toBe(first.text);
  const reused = await send(here, text.replace('李国庆', '李国强'));
  expect([reused.outcome, code(reused)]).toEqual(['conflict', 'AE']);
  await platform.settled();
  expect(await source('李国庆')).toHaveLength(1);
  expect(await source('李国强')).toHaveLength(0);
});

test('an update changes what it says and leaves the rest', async () => {
  const said = await send(
    here,
    message(
      'PRPA_IN201314UV02',
      registration(
        `<id root="${own}" extension="R2"/><patientPerson><telecom value="tel:12900001111"/></patientPerson>`,
      ),
    ),
  );
  expect(said.text).toContain('<PRPA_IN201315UV02');
  await platform.settled();
  expect(await source('李国庆')).toMatchObject([{ phone: true, sex: 'male', birth: '1980-05-06' }]);
});

test('a merge lasts, and one with oneself is kept, refused by name and changes nothing', async () => {
  await send(here, message('PRPA_IN201311UV02', registration(wrapped('R3', '王建国'))));
  await send(here, message('PRPA_IN201311UV02', registration(wrapped('R4', '赵长江'))));
  const prior = (id: string): string =>
    `<replacementOf><priorRegistration><subject1><priorRegisteredRole><id root="${own}" extension="${id}"/></priorRegisteredRole></subject1></priorRegistration></replacementOf>`;
  const self = await send(
    here,
    message('PRPA_IN201304UV02', registration(`<id root="${own}" extension="R3"/>`, prior('R3'))),
  );
  expect([code(self), rules(self)]).toEqual(['AE', ['registration.merge-with-self']]);
  const said = await send(
    here,
    message('PRPA_IN201304UV02', registration(`<id root="${own}" extension="R3"/>`, prior('R4'))),
  );
  expect(code(said)).toBe('AA');
  await platform.settled();
  const [stays, gone] = [(await source('王建国'))[0], (await source('赵长江'))[0]];
  expect(gone).toMatchObject({ resident: stays?.resident, how: 'merged-by-institution' });
});

describe('queries', () => {
  test('one certain person by number and name, with everything they are registered under', async () => {
    const said = await send(
      here,
      query(
        'PRPA_IN201305UV02',
        `<livingSubjectId><value root="2.16.156.10011.1.3" extension="${number}"/></livingSubjectId><livingSubjectName><value><item><part value="张小明"/></item></value></livingSubjectName>`,
      ),
    );
    expect([said.outcome, code(said)]).toEqual(['answered', 'AA']);
    expect(said.text).toContain('queryResponseCode code="OK"');
    expect(said.text).toContain('extension="R1"');
    expect(said.text).toContain('extension="R9"');
  });

  test('nobody, too little, and an identifier of others', async () => {
    const none = await send(
      here,
      query(
        'PRPA_IN201305UV02',
        '<livingSubjectName><value>钱多多</value></livingSubjectName><livingSubjectBirthTime><value value="19490101"/></livingSubjectBirthTime>',
      ),
    );
    expect(none.text).toContain('queryResponseCode code="NF"');
    const little = await send(
      here,
      query('PRPA_IN201305UV02', '<livingSubjectName><value>张小明</value></livingSubjectName>'),
    );
    expect([code(little), rules(little)]).toEqual(['AE', ['registration.query-insufficient']]);
    const identifiers = await send(
      here,
      query('PRPA_IN201309UV02', `<patientIdentifier><value root="${own}" extension="R1"/></patientIdentifier>`),
    );
    expect(identifiers.text).toContain('extension="R9"');
    const foreign = await send(
      there,
      query('PRPA_IN201309UV02', `<patientIdentifier><value root="${own}" extension="R3"/></patientIdentifier>`),
    );
    expect([code(foreign), rules(foreign)]).toEqual(['AE', ['registration.identifier-unknown']]);
  });

  test('each question stands in the audit with whom it named', async () => {
    const { rows } = await platform.pool.query(
      "select what, count(resident)::int as named from audit.entry where ground = 'identity-match' group by what order by what",
    );
    expect(rows).toEqual([
      { what: 'PRPA_IN201305UV02', named: 1 },
      { what: 'PRPA_IN201309UV02', named: 1 },
    ]);
  });
});

test('bad XML is kept, answered with its rule, and quotes nothing', async () => {
  const good = message('PRPA_IN201311UV02', registration(wrapped('R7', '孙悟空')));
  const cases: [string | Buffer, string][] = [
    [good.replace('?>\n', '?>\n<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>\n'), 'cda.doctype-refused'],
    [good.replace('孙悟空', '&nobody;'), 'cda.entity-refused'],
    [good.slice(0, 400), 'cda.not-well-formed'],
    [good.replaceAll('PRPA_IN201311UV02', 'PRPA_IN209999UV99'), 'registration.interaction-unknown'],
    [
      message('PRPA_IN201311UV02', registration('<patientPerson><name>孙悟空</name></patientPerson>')),
      'registration.person-missing',
    ],
    [message('PRPA_IN201311UV02', ''), 'registration.required'],
    [good.replace('19800506', '29800506'), 'registration.birth-date-future'],
    [message('PRPA_IN201304UV02', registration(`<id root="${own}" extension="R3"/>`)), 'registration.required'],
  ];
  for (const [body, rule] of cases) {
    const said = await send(here, body);
    expect([said.status, said.outcome, code(said)], rule).toEqual([200, 'held', 'AE']);
    expect(rules(said)[0]).toMatch(new RegExp(`^${rule}`));
    expect(said.text).not.toMatch(/孙悟空|passwd/);
  }
  await platform.settled();
  expect(await source('孙悟空')).toHaveLength(0);
});
