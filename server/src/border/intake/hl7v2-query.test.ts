import { makeResidentNumber } from '@hutong/china';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../../test/platform.ts';
import { MllpClient } from '../hl7v2/index.ts';

let platform: TestPlatform;
let mllp: MllpClient;
let asker: Hospital;
const number = makeResidentNumber({ areaCode: '500999', birthDate: '1980-05-06', sequence: 3 });
let control = 0;

const send = async (facility: string, type: string, ...segments: string[]): Promise<string> => {
  const message = [
    `MSH|^~\\&|HIS|FAC-${facility}|HUTONG|REGION|20261120083000+0800||${type}|Q${++control}|P|2.5|||||CHN|UNICODE UTF-8`,
    ...segments,
  ];
  return (await mllp.send(Buffer.from(`${message.join('\r')}\r`))).toString();
};
const [here, there] = ['500112H01', '500106H02'];
const register = (facility: string, event: string, id: string, name: string, more = ''): Promise<string> =>
  send(
    facility,
    `ADT^${event}^ADT_A05`,
    `EVN|${event}|2026112008300${control % 10}+0800`,
    `PID|1||${id}^^^${facility}^PI${more}||${name}||19800506|M`,
  );

beforeAll(async () => {
  platform = await testPlatform();
  asker = await platform.hospital(here);
  await platform.hospital(there);
  mllp = new MllpClient({ host: '127.0.0.1', port: platform.mllpPort });
  const withNumber = `~${number}^^^GA^NI`;
  for (const answer of [
    await register(here, 'A28', 'H1', '张^小明', withNumber),
    await register(there, 'A28', 'T1', '张^小明', withNumber),
    await register(there, 'A28', 'T2', '李^国庆'),
  ])
    expect(answer).toContain('MSA|AA');
  await platform.settled();
}, 240_000);
afterAll(async () => {
  mllp?.close();
  await platform?.close();
});
const field = (text: string, segment: string, at: number): string =>
  text
    .split('\r')
    .find((line) => line.startsWith(`${segment}|`))
    ?.split('|')[at] ?? '';

test('QBP^Q22 finds one person by number and name, and answers with RSP^K22 in the sender’s own words', async () => {
  const answer = await send(
    here,
    'QBP^Q22^QBP_Q21',
    `QPD|IHE PDQ Query|T1|@PID.3.1^${number}~@PID.5.1^张~@PID.5.2^小明`,
    'RCP|I|10^RD',
  );
  expect(answer).toContain('|RSP^K22^RSP_K21|');
  expect([field(answer, 'MSA', 1), field(answer, 'QAK', 1), field(answer, 'QAK', 2), field(answer, 'QAK', 4)]).toEqual([
    'AA',
    'T1',
    'OK',
    '1',
  ]);
  expect(field(answer, 'PID', 3)).toContain(`H1^^^${here}^PI`);
  expect(field(answer, 'PID', 5)).toBe('张^小明');
  expect(field(answer, 'QRI', 3)).toBe('certain');
});

test('QBP^Q22 that finds nobody, or asks too little, says so', async () => {
  const none = await send(
    here,
    'QBP^Q22^QBP_Q21',
    'QPD|IHE PDQ Query|T2|@PID.5.1^赵~@PID.5.2^铁柱~@PID.7^19490101',
    'RCP|I|10^RD',
  );
  expect(field(none, 'QAK', 2)).toBe('NF');
  const little = await send(here, 'QBP^Q22^QBP_Q21', 'QPD|IHE PDQ Query|T3|@PID.5.1^张', 'RCP|I|10^RD');
  expect([field(little, 'MSA', 1), field(little, 'QAK', 2)]).toEqual(['AE', 'AE']);
});

test('QBP^Q23 gives the other identifiers to whoever knows the person, and knows nothing for others', async () => {
  const answer = await send(here, 'QBP^Q23^QBP_Q21', `QPD|IHE PIX Query|T4|H1^^^${here}^PI`, 'RCP|I');
  expect(answer).toContain('|RSP^K23^RSP_K23|');
  expect(field(answer, 'PID', 3)).toContain(`T1^^^${there}^PI`);
  const domain = await send(here, 'QBP^Q23^QBP_Q21', `QPD|IHE PIX Query|T5|H1^^^${here}^PI|^^^${there}`, 'RCP|I');
  expect(field(domain, 'PID', 3)).toBe(`T1^^^${there}^PI`);
  const foreign = await send(here, 'QBP^Q23^QBP_Q21', `QPD|IHE PIX Query|T6|T2^^^${there}^PI`, 'RCP|I');
  expect([field(foreign, 'MSA', 1), field(foreign, 'QAK', 2)]).toEqual(['AE', 'AE']);
});

test('the same questions over HTTP: the token says who asks, whatever MSH says', async () => {
  const ask = async (type: string, qpd: string): Promise<{ status: number; outcome: string | null; text: string }> => {
    const head = `MSH|^~\\&|HIS|FAC-${there}|HUTONG|REGION|20261120083000+0800||${type}|W${++control}|P|2.5|||||CHN|UNICODE UTF-8`;
    const answer = await asker.fetch('/hl7v2', {
      method: 'POST',
      headers: { 'content-type': 'application/hl7-v2' },
      body: `${head}\r${qpd}\rRCP|I|10^RD\r`,
    });
    return { status: answer.status, outcome: answer.headers.get('x-message-outcome'), text: await answer.text() };
  };
  const found = await ask('QBP^Q22^QBP_Q21', `QPD|IHE PDQ Query|T7|@PID.3.1^${number}~@PID.5.1^张~@PID.5.2^小明`);
  expect([found.status, found.outcome, field(found.text, 'QAK', 2)]).toEqual([200, 'answered', 'OK']);
  expect(field(found.text, 'PID', 3)).toContain(`H1^^^${here}^PI`);
  const others = await ask('QBP^Q23^QBP_Q21', `QPD|IHE PIX Query|T8|H1^^^${here}^PI`);
  expect(field(others.text, 'PID', 3)).toContain(`T1^^^${there}^PI`);
  const foreign = await ask('QBP^Q23^QBP_Q21', `QPD|IHE PIX Query|T9|T2^^^${there}^PI`);
  expect(field(foreign.text, 'QAK', 2)).toBe('AE');
});

test('A31 renames, A40 merges, and a split in the console takes the institution’s merge back', async () => {
  expect(await register(there, 'A31', 'T2', '李^国强')).toContain('MSA|AA');
  expect(await register(there, 'A28', 'T3', '李^国强')).toContain('MSA|AA');
  expect(
    await send(
      there,
      'ADT^A40^ADT_A39',
      'EVN|A40|20261120090000+0800',
      `PID|1||T2^^^${there}^PI||李^国强`,
      `MRG|T3^^^${there}^PI`,
    ),
  ).toContain('MSA|AA');
  await platform.settled();
  const rows = async (): Promise<{ resident: string; how: string }[]> =>
    (
      await platform.pool.query<{ resident: string; how: string }>(
        "select resident::text, how from identity.source where name = '李国强' order by how",
      )
    ).rows;
  const merged = await rows();
  expect(merged).toHaveLength(2);
  expect(merged[0]?.resident).toBe(merged[1]?.resident);
  expect(merged.some(({ how }) => how === 'merged-by-institution')).toBe(true);
  const staff = await platform.staff('administrator');
  const retired = (
    await platform.pool.query<{ id: string }>(
      "select id::text from identity.source where how = 'merged-by-institution'",
    )
  ).rows[0]?.id as string;
  const undone = await staff(`/api/identity/sources/${BigInt.asUintN(64, BigInt(retired)).toString(36)}/unlink`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'wrong-decision' }),
  });
  expect(undone.status).toBe(200);
  const apart = await rows();
  expect(apart[0]?.resident).not.toBe(apart[1]?.resident);
});

test('each question stands in the audit, with whom it named', async () => {
  const { rows } = await platform.pool.query(
    "select what, count(resident)::int as named from audit.entry where what like 'QBP%' group by what order by what",
  );
  expect(rows).toEqual([
    { what: 'QBP^Q22', named: 2 },
    { what: 'QBP^Q23', named: 3 },
  ]);
});
