import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Hospital } from '../server/test/platform.ts';
import { storedConflicts, storedMessages, storedSources } from '../server/test/stored.ts';
import { type Admission, admission } from './faults/admission.ts';
import { type BadInputStand, openBadInputStand } from './faults/bad-input-stand.ts';
import { readAcknowledgement, sendMllp } from './faults/mllp.ts';

let stand: BadInputStand;
let hospital: Hospital;

beforeAll(async () => {
  stand = await openBadInputStand();
  hospital = stand.hospital;
});
afterAll(() => stand?.platform.close());
const rows: BadInputStand['rows'] = (sql, values) => stand.rows(sql, values);
const recordSize = (): Promise<object[]> => stand.recordSize();
const admit = (parts: Partial<Admission> & { controlId: string }): string =>
  admission({ facility: hospital.facility, person: `P${parts.controlId}`, ...parts });
const send = (message: string | Buffer) => sendMllp(stand.platform.mllpPort, message);

describe('HL7 v2 over MLLP', () => {
  test('a frame cut off by the next one is passed over, one cut off by the end of the connection too; neither is stored', async () => {
    const socket = connect(stand.platform.mllpPort, '127.0.0.1');
    let answer: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk as Buffer]);
    });
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.write(`\x0b${admit({ controlId: 'cut1' }).slice(0, 150)}\x0b${admit({ controlId: 'whole' })}\x1c\r`);
    for (let tries = 0; tries < 400 && answer.at(-1) !== 0x0d; tries++) await wait(10);
    socket.end(`\x0b${admit({ controlId: 'cut2' })}`);
    await closed;
    expect(readAcknowledgement(answer)).toMatchObject({ code: 'AA', controlId: 'whole', errors: [] });
    expect(answer.filter((byte) => byte === 0x0b)).toHaveLength(1);
    expect(
      (
        await rows<{ control_id: string }>(
          `select control_id from intake.message where control_id in ('cut1', 'cut2', 'whole')`,
        )
      ).map(({ control_id }) => control_id),
    ).toEqual(['whole']);
  });

  test.each([
    [
      'bytes of another charset than MSH-18 says',
      'enc1',
      (controlId: string) => iconv.encode(admit({ controlId }), 'gb18030'),
      {
        rule: 'hl7v2.charset',
        path: 'MSH-18',
        zh: '字节与声明的字符集 UNICODE UTF-8 不符，无法读出文字',
        en: 'The bytes are not valid in the declared character set UNICODE UTF-8',
      },
      'MSH^1^18^1',
    ],
    [
      'invalid UTF-8 at the end',
      'enc2',
      (controlId: string) =>
        Buffer.concat([Buffer.from(admit({ controlId })), Buffer.from([0x4e, 0xff, 0xfe, 0xc0, 0x0d])]),
      {
        rule: 'hl7v2.charset',
        path: 'MSH-18',
        zh: '字节与声明的字符集 UNICODE UTF-8 不符，无法读出文字',
        en: 'The bytes are not valid in the declared character set UNICODE UTF-8',
      },
      'MSH^1^18^1',
    ],
    [
      'a charset that nobody knows',
      'enc3',
      (controlId: string) => Buffer.from(admit({ controlId, charset: 'KLINGON' })),
      {
        rule: 'hl7v2.charset-unknown',
        path: 'MSH-18',
        zh: 'MSH-18 声明的字符集不受支持',
        en: 'The character set declared in MSH-18 is not supported',
      },
      'MSH^1^18^1',
    ],
    [
      'a line that is no segment',
      'seg1',
      (controlId: string) => Buffer.from(`${admit({ controlId })}this is no segment\r`),
      { rule: 'hl7v2.segment-name', path: 'line 5', zh: '第 5 行不是有效的段', en: 'Line 5 is not a valid segment' },
      '',
    ],
    [
      'two hundred thousand repetitions',
      'deep1',
      (controlId: string) => Buffer.from(`${admit({ controlId })}ZZZ|${'~^&'.repeat(200_001)}\r`),
      {
        rule: 'hl7v2.limit-exceeded',
        path: 'MSH',
        zh: '消息超出处理上限（200000 repetitions）',
        en: 'The message is beyond a processing limit (200000 repetitions)',
      },
      'MSH^1',
    ],
    [
      'a birth date in the future',
      'birth1',
      (controlId: string) => Buffer.from(admit({ controlId, birth: '20990101' })),
      {
        rule: 'hl7v2.birth-date-future',
        path: 'PID-7',
        zh: '出生日期晚于收到日期',
        en: 'The birth date lies in the future',
      },
      'PID^1^7^1',
    ],
  ] as const)(
    '%s: AE with the place, kept for the sender’s own integrator',
    async (_what, controlId, bytes, sentence, place) => {
      const before = await recordSize();
      const answer = await send(bytes(controlId));
      expect(answer).toMatchObject({
        code: 'AE',
        controlId,
        errors: [{ place, severity: 'E', rule: sentence.rule, sentence: `${sentence.zh} / ${sentence.en}` }],
      });
      await stand.expectHeld(controlId, sentence);
      expect(await recordSize()).toEqual(before);
    },
  );

  test('bytes that are no HL7 at all: AR, kept under nobody’s name', async () => {
    const answer = await send('hello world');
    expect(answer).toMatchObject({
      code: 'AR',
      errors: [
        { rule: 'intake.unknown-sender' },
        {
          rule: 'hl7v2.not-a-message',
          sentence:
            '内容不以 MSH 段开头，不是 HL7 v2 消息 / This does not begin with an MSH segment: it is not an HL7 v2 message',
        },
      ],
    });
    expect(
      (await storedMessages(stand.platform.pool, 'm.id', `o.state = 'refused' and m.institution is null`)).filter(
        ({ raw }) => raw.toString() === 'hello world',
      ),
    ).toHaveLength(1);
  });

  test('an unknown sender: AR that names MSH-4; kept, audited, and shown to no hospital', async () => {
    const before = await recordSize();
    expect(await send(admit({ controlId: 'nobody1', facility: 'NOBODY' }))).toMatchObject({
      code: 'AR',
      controlId: 'nobody1',
      errors: [
        {
          place: 'MSH^1^4^1',
          severity: 'E',
          rule: 'intake.unknown-sender',
          sentence: '发送方未在机构目录登记 / The sender is not registered in the directory',
        },
      ],
    });
    expect(
      await rows(
        `select 1 from intake.message m join intake.outcome o on o.message = m.id where m.control_id = 'nobody1' and o.state = 'refused' and o.rule = 'intake.unknown-sender' and o.path = 'MSH-4'`,
      ),
    ).toHaveLength(1);
    expect(
      await rows(`select 1 from audit.entry where agent = 'unknown sender' and action = 'refused'`),
    ).not.toHaveLength(0);
    expect(((await (await stand.integrator('/api/inbox?q=nobody1')).json()) as { items: unknown[] }).items).toEqual([]);
    expect(await recordSize()).toEqual(before);
  });

  test('a resident number with a wrong check digit and a gender nobody knows: taken with warnings, never used to link', async () => {
    const answer = await send(admit({ controlId: 'warn1', number: '500999198001020016', sex: 'XYZ' }));
    expect(answer.code).toBe('AA');
    expect(answer.errors.map(({ place, severity, rule }) => [place, severity, rule])).toEqual(
      expect.arrayContaining([
        ['PID^1^3^2', 'W', 'hl7v2.resident-number'],
        ['PID^1^8^1', 'W', 'hl7v2.unknown-code'],
      ]),
    );
    await stand.platform.settled();
    const people = (await storedSources(stand.platform.pool)).filter(({ localId }) => localId === 'Pwarn1');
    expect(people.map(({ number, how, sex }) => ({ number, how, sex }))).toEqual([
      { number: null, how: 'local-id', sex: null },
    ]);
    expect(
      (await stand.inbox('warn1')).issues.every(
        ({ severity, zh, en }) => severity === 'warning' && /\p{Script=Han}/u.test(zh) && /[a-z]/.test(en),
      ),
    ).toBe(true);
  });

  test('a control id used for other content: AE, both texts kept, the first one stands', async () => {
    const [first, second] = [admit({ controlId: 'same1', ward: '内科' }), admit({ controlId: 'same1', ward: '外科' })];
    const taken = await send(first);
    expect(taken.code).toBe('AA');
    await stand.platform.settled();
    const before = await recordSize();
    for (let times = 0; times < 2; times++)
      expect(await send(second)).toMatchObject({
        code: 'AE',
        controlId: 'same1',
        errors: [{ place: 'MSH^1^10^1', rule: 'intake.control-id-reused' }],
      });
    await stand.platform.settled();
    expect(await recordSize()).toEqual(before);
    expect((await send(first)).text).toBe(taken.text);
    const message = await stand.inbox('same1');
    expect(message.raw).toContain('内科');
    expect(message.history.find(({ what }) => what === 'conflict')).toMatchObject({
      zh: '同一控制号又来过 2 条内容不同的消息，已另存，未入档',
      en: '2 messages with other content came under the same control id; kept, not recorded',
    });
    expect(await storedConflicts(stand.platform.pool, message.id)).toEqual([second, second]);
  });

  test('control characters in text are taken out with a warning, and a control id of six thousand letters is no obstacle', async () => {
    expect(await send(admit({ controlId: 'nul1', ward: 'a\u0000b' }))).toMatchObject({
      code: 'AA',
      errors: [{ severity: 'W', rule: 'hl7v2.control-characters' }],
    });
    const long = Array.from({ length: 6000 }, (_, at) => (at * at * 7919 + at * 31).toString(36).at(-1)).join('');
    const text = admit({ controlId: long, person: 'long1' });
    const answer = await send(text);
    expect(answer).toMatchObject({ code: 'AA', controlId: long });
    expect((await send(text)).text).toBe(answer.text);
    expect((await send(admit({ controlId: `${long}x`, person: 'long2' }))).code).toBe('AA');
    await stand.platform.settled();
    expect(await rows('select 1 from intake.message where control_id = $1', [long.slice(0, 200)])).toHaveLength(2);
  });
});
