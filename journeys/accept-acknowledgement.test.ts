import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../server/test/platform.ts';
import { admission } from './faults/admission.ts';
import { sendMllp } from './faults/mllp.ts';

let platform: TestPlatform;
let hospital: Hospital;
beforeAll(async () => {
  platform = await testPlatform();
  hospital = await platform.hospital('accept1');
});
afterAll(() => platform?.close());

/** A sender in enhanced mode that wants to know only whether its message is safe. */
const send = (controlId: string, more: Partial<Parameters<typeof admission>[0]> = {}) =>
  sendMllp(
    platform.mllpPort,
    admission({ facility: hospital.facility, controlId, person: controlId, mode: 'AL|NE', ...more }),
  );
const stateOf = async (controlId: string): Promise<{ state: string; rules: string[] } | undefined> => {
  const { rows } = await platform.pool.query<{ state: string; rules: string[] }>(
    `select state, jsonb_path_query_array(issues::jsonb, '$[*].rule') as rules
     from intake.outcome join intake.message on message.id = outcome.message where control_id = $1`,
    [controlId],
  );
  return rows[0];
};

test('a message is accepted when it is safe, and becomes record like any other', async () => {
  expect(await send('E1')).toMatchObject({ code: 'CA', controlId: 'E1', errors: [] });
  expect(await send('E1'), 'the same again gets the same answer').toMatchObject({ code: 'CA', controlId: 'E1' });
  await platform.settled();
  expect(await stateOf('E1')).toEqual({ state: 'done', rules: [] });
  expect((await platform.pool.query(`select from intake.message where control_id = 'E1'`)).rowCount).toBe(1);
});

test('an error in its content is found when it is recorded: the message is held in the inbox', async () => {
  expect(await send('E2', { birth: '29990101' })).toMatchObject({ code: 'CA', errors: [] });
  await platform.settled();
  expect(await stateOf('E2')).toEqual({ state: 'held', rules: ['hl7v2.birth-date-future'] });
  expect(await send('E3', { birth: '29990101', mode: 'AL|AL' }), 'who asks for a judgement gets one').toMatchObject({
    code: 'AE',
    errors: [{ rule: 'hl7v2.birth-date-future' }],
  });
});

test('what MSH itself has wrong is answered at once', async () => {
  expect(await send('E4', { event: 'A99' })).toMatchObject({
    code: 'CE',
    errors: [{ rule: 'hl7v2.event-not-supported' }],
  });
  expect(await stateOf('E4')).toMatchObject({ state: 'held' });
  expect(await send('E5', { facility: 'NOBODY' })).toMatchObject({
    code: 'CR',
    errors: [{ rule: 'intake.unknown-sender' }],
  });
  expect(await send('E1', { ward: '外科' }), 'a number used for other content').toMatchObject({
    code: 'CE',
    errors: [{ rule: 'intake.control-id-reused' }],
  });
});

test('bytes that do not fit their charset are accepted as they are, and held', async () => {
  const message = Buffer.concat([
    Buffer.from(admission({ facility: hospital.facility, controlId: 'E6', person: 'E6', mode: 'AL|NE' })),
    Buffer.from('NTE|1||'),
    Buffer.of(0xff, 0x0d),
  ]);
  expect(await sendMllp(platform.mllpPort, message)).toMatchObject({ code: 'CA', controlId: 'E6' });
  await platform.settled();
  expect(await stateOf('E6')).toEqual({ state: 'held', rules: ['hl7v2.charset'] });
});
