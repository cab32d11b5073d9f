import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../../test/platform.ts';
import { MllpClient } from '../hl7v2/index.ts';

let platform: TestPlatform;
let mllp: MllpClient;
let hospital: Hospital;
let control = 0;
const [here, there] = ['500112H01', '500106H02'];

const send = async (facility: string, type: string, ...segments: string[]): Promise<void> => {
  const at = String(++control).padStart(2, '0');
  const message = [
    `MSH|^~\\&|HIS|FAC-${facility}|HUTONG|REGION|2026112008${at}00+0800||${type}|S${control}|P|2.5|||||CHN|UNICODE UTF-8`,
    `EVN|${type.slice(4, 7)}|2026112008${at}00+0800`,
    ...segments,
  ];
  const answer = (await mllp.send(Buffer.from(`${message.join('\r')}\r`))).toString();
  expect(answer).toContain('MSA|AA');
};
type Named = { id: string; name: string; birth: string };
const pid = ({ id, name, birth }: Named, facility = here): string =>
  `PID|1||${id}^^^${facility}^PI||${name}||${birth}|M`;
const stay = (visit: string, end = ''): string => {
  const fields = new Array<string>(46).fill('');
  Object.assign(fields, { 0: 'PV1', 1: '1', 2: 'I', 19: visit, 44: '202611010800+0800', 45: end });
  return fields.join('|');
};

/** The registration of that name, as the index has it. */
async function sourceOf(name: string): Promise<{ resident: string; how: string }> {
  const { rows } = await platform.pool.query<{ resident: string; how: string }>(
    'select resident::text, how from identity.source where name = $1',
    [name],
  );
  expect(rows).toHaveLength(1);
  return rows[0] as { resident: string; how: string };
}
type Visit = { id: string; status: string; meta: { versionId: string }; subject: { reference: string } };
async function visitsOf(number: string): Promise<Visit[]> {
  const { entry = [] } = (await (
    await hospital.fetch(`/fhir/Encounter?identifier=${number}&_sort=_lastUpdated`)
  ).json()) as {
    entry?: { resource: Visit }[];
  };
  return entry.map(({ resource }) => resource);
}
const publicId = (resident: string): string => BigInt.asUintN(64, BigInt(resident)).toString(36);
async function joinByHand(one: string, other: string): Promise<{ status: number; code?: string }> {
  const staff = await platform.staff('administrator');
  const answer = await staff('/api/identity/merge', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ residents: [publicId(one), publicId(other)], reason: 'documents-seen' }),
  });
  return { status: answer.status, ...((await answer.json()) as { code?: string }) };
}

beforeAll(async () => {
  platform = await testPlatform();
  hospital = await platform.hospital(here);
  await platform.hospital(there);
  mllp = new MllpClient({ host: '127.0.0.1', port: platform.mllpPort });
}, 240_000);
afterAll(async () => {
  mllp?.close();
  await platform?.close();
});

const known = { id: 'M1', name: '何^建华', birth: '19610203' };
const unnamed = { id: 'M2', name: '无名^急诊', birth: '19610101' };
const stranger = { id: 'X1', name: '罗^永康', birth: '19580607' };

test('an institution that merges a registration during its stay moves the stay with it, whole and without rewriting it', async () => {
  await send(here, 'ADT^A28^ADT_A05', pid(known));
  await send(here, 'ADT^A01^ADT_A01', pid(unnamed), stay('V1'));
  await send(there, 'ADT^A28^ADT_A05', pid(stranger, there));
  await platform.settled();
  const [before] = await visitsOf('V1');
  expect((await sourceOf('无名急诊')).resident).not.toBe((await sourceOf('何建华')).resident);

  await send(here, 'ADT^A40^ADT_A39', pid(known), `MRG|M2^^^${here}^PI`);
  await platform.settled();
  const gone = await sourceOf('无名急诊');
  expect(gone).toEqual({ resident: (await sourceOf('何建华')).resident, how: 'merged-by-institution' });
  expect(await visitsOf('V1')).toEqual([before]);
  // For people the guard stands: the stay is one of the joined resident now.
  expect(await joinByHand(gone.resident, (await sourceOf('罗永康')).resident)).toMatchObject({
    status: 409,
    code: 'HT-IDENTITY-002',
  });
});

test('the discharge under the number that is left ends that stay, in whatever order the three arrive', async () => {
  await send(here, 'ADT^A03^ADT_A03', pid(known), stay('V1', '202611120900+0800'));
  const other = { id: 'M3', name: '石^文清', birth: '19700910' };
  const late = { id: 'M4', name: '待查^患者', birth: '19700101' };
  await send(here, 'ADT^A40^ADT_A39', pid(other), `MRG|M4^^^${here}^PI`);
  await send(here, 'ADT^A03^ADT_A03', pid(other), stay('V2', '202611120900+0800'));
  await send(here, 'ADT^A01^ADT_A01', pid(late), stay('V2'));
  await platform.settled();
  expect((await visitsOf('V2')).map(({ status }) => status).toSorted()).toEqual(['finished', 'in-progress']);
  for (const name of ['何建华', '石文清']) {
    const mine = await sourceOf(name);
    expect((await joinByHand(mine.resident, (await sourceOf('罗永康')).resident)).status).toBe(200);
  }
});
