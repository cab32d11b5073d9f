import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Translation } from '../fact.ts';
import { reduce } from './fixtures/reduce.ts';
import { msh, send } from './fixtures/send.ts';

const PID = 'PID|1||P1^^^HIS^MR||张三||19800102|M';

const adt = (event: string, minute: number, pv1: string, rest = ''): string => {
  const at = `202611010${String(800 + minute).padStart(3, '0')}`;
  return `${msh(`ADT^${event}`, `${event}-${minute}`, `${at}00`)}\nEVN|${event}|${at}\n${PID}${pv1 ? `\n${pv1}` : ''}${rest ? `\n${rest}` : ''}`;
};

/** PV1 with class, ward, visit number, admission and discharge. */
const pv1 = (ward: string, admitted = '', discharged = ''): string =>
  ['PV1', '1', 'I', ward, ...Array(15).fill(''), 'V1', ...Array(24).fill(''), admitted, discharged].join('|');

const oru = (id: string, at: string, status: string, lines: string, obr22 = ''): string =>
  [
    msh('ORU^R01', id, at),
    PID,
    pv1(''),
    `OBR|1|O1|R1|CBC^血常规|||20261101083000|||||||||||||||${obr22}|||${status}`,
    lines,
  ].join('\n');

const stay = [
  adt('A01', 1, pv1('W1', '20261101080100'), 'DG1|1||J18.9^肺炎^I10|||A'),
  adt('A02', 5, pv1('W2')),
  adt('A08', 9, pv1('')),
  oru(
    'L1',
    '20261101082000',
    'P',
    'OBX|1|NM|WBC^白细胞||11.0|10*9/L|4-10|H|||P\nOBX|2|NM|HGB^血红蛋白||130|g/L||N|||P',
  ),
  oru(
    'L2',
    '20261101083000',
    'F',
    'OBX|1|NM|WBC^白细胞||12.0|10*9/L|4-10|H|||F\nOBX|2|NM|HGB^血红蛋白||131|g/L||N|||F',
  ),
  oru('L3', '20261101084000', 'C', 'OBX|1|NM|WBC^白细胞||9.0|10*9/L|4-10|N|||C\nOBX|2|NM|HGB^血红蛋白||||||||D'),
  adt('A03', 50, pv1('W2', '20261101080100', '20261101085000')),
  oru('L4', '20261101090000', 'C', 'OBX|1|NM|WBC^白细胞||9.5|10*9/L|4-10|N|||C'),
].map((text) => send(text));

const end = (translations: readonly Translation[]): Map<string, Record<string, unknown>> =>
  reduce(translations) as never;
const encounter = (translations: readonly Translation[]): Record<string, unknown> =>
  end(translations).get('Encounter|V1')!;

function sameEnd(anyOrder: fc.Arbitrary<Translation[]>, expected: unknown, numRuns: number): void {
  const holds = fc.property(anyOrder, (shuffled) => {
    expect([...end(shuffled)]).toEqual(expected);
  });
  fc.assert(holds, { numRuns });
}

describe('the order in which messages arrive', () => {
  it('does not change the record, nor does hearing one twice', () => {
    const expected = [...end(stay)];
    const anyOrder = fc.shuffledSubarray([...stay, ...stay], { minLength: stay.length * 2 });
    sameEnd(anyOrder, expected, 300);
  });

  it('does not change it with cancellations and merges either', () => {
    const cancelled = [
      adt('A01', 1, pv1('W1', '20261101080100')),
      adt('A03', 20, pv1('W1', '20261101080100', '20261101082000')),
      adt('A13', 30, pv1('W1', '20261101080100')),
      adt('A08', 35, pv1('W3')),
      adt('A11', 40, pv1('W1')),
      adt('A08', 45, pv1('W3')),
    ].map((text) => send(text));
    const expected = [...end(cancelled)];
    sameEnd(fc.shuffledSubarray(cancelled, { minLength: cancelled.length }), expected, 300);
    expect(encounter(cancelled).status).toBe('cancelled');
  });
});

describe('a visit', () => {
  it('ends as its events say', () => {
    expect(encounter(stay)).toMatchObject({
      status: 'finished',
      period: { start: '2026-11-01T08:01:00+08:00', end: '2026-11-01T08:50:00+08:00' },
    });
  });

  it('is not opened again by a late update or a laboratory report', () => {
    const [a01, , a08, lab] = stay;
    const a03 = stay[6]!;
    const later = send(adt('A08', 59, pv1('')));
    expect(encounter([a01!, a03, later, lab!]).status).toBe('finished');
    expect(encounter([a08!]).status).toBe('unknown');
    expect(encounter([a08!, a01!]).status).toBe('in-progress');
  });

  it('loses its discharge by A13, and is in progress again', () => {
    const a03 = stay[6]!;
    const a13 = send(adt('A13', 55, pv1('W2', '20261101080100')));
    expect(encounter([a03, a13])).toMatchObject({
      status: 'in-progress',
      period: { start: '2026-11-01T08:01:00+08:00' },
    });
    expect(encounter([a13, a03]).period).toEqual({ start: '2026-11-01T08:01:00+08:00' });
    const bare = send(adt('A13', 55, pv1('W2')));
    expect(encounter([a03, bare]).period).toBeUndefined();
  });

  it('is known by a laboratory report alone, and then only as hearsay', () => {
    expect(encounter([stay[3]!])).toMatchObject({ status: 'unknown', class: { code: 'IMP' } });
  });
});

describe('a report', () => {
  const record = end(stay);
  const value = (key: string): unknown => record.get(`Observation|R1|CBC|${key}`);

  it('ends corrected, each line by its own key', () => {
    expect(value('WBC')).toMatchObject({ status: 'corrected', valueQuantity: { value: 9.5 } });
    expect(value('HGB')).toMatchObject({ status: 'entered-in-error' });
    expect(record.get('DiagnosticReport|R1|CBC')).toMatchObject({ status: 'corrected' });
  });

  it('is corrected in the right order even when the laboratory repeats the time of the first result', () => {
    const same = '20261101083000';
    const final = send(oru('L2', same, 'F', 'OBX|1|NM|WBC||12||||||F', same));
    const corrected = send(oru('L1', same, 'C', 'OBX|1|NM|WBC||9||||||C', same));
    const ends = (order: Translation[]): unknown => end(order).get('Observation|R1|CBC|WBC');
    expect(ends([final, corrected])).toMatchObject({ valueQuantity: { value: 9 } });
    expect(ends([corrected, final])).toMatchObject({ valueQuantity: { value: 9 } });
  });
});
