import { makeResidentNumber } from '@hutong/china';
import { expect, test } from 'vitest';
import { mayHold, permittedBy, readScan } from './decide.ts';
import type { Scanner } from './model.ts';

const number = makeResidentNumber({ areaCode: '500999', birthDate: '1980-05-06', sequence: 1 });
const id = 'A'.repeat(64);

test.each([
  ['a resident number', number, 'document'],
  [
    'one in full-width digits',
    [...number].map((digit) => String.fromCodePoint((digit.codePointAt(0) as number) + 0xfee0)).join(''),
    'document',
  ],
  ['a number that fails its check digit', `${number.slice(0, 17)}${number.endsWith('1') ? '2' : '1'}`, 'unreadable'],
  ['a static code', `${id}:1`, 'static'],
  ['a dynamic code', `${id}:0:${'B'.repeat(32)}::issuer`, 'dynamic'],
  ['a temporary code', 'abcdef0123456789:9', 'temporary'],
  ['an insurance credential', '5001'.repeat(7), 'insurance'],
  ['a hospital card', 'MR-0012345', 'hospital-card'],
  ['nothing', '   ', 'unreadable'],
  ['a code of an unknown kind', `${id}:7`, 'unreadable'],
])('%s is told by its form', (_what, text, kind) => {
  expect(readScan(text, 'auto', false).kind).toBe(kind);
});

const doctor: Scanner = { role: 'clinician', kind: 'staff', institution: 1 };
test('only a live signed code opens a record; what can be copied only identifies', () => {
  expect(permittedBy('own', doctor, null).permitted).toContain('open-record');
  expect(permittedBy('proxy', doctor, null).permitted).toContain('open-record');
  for (const kind of ['static', 'printed', 'document', 'hospital-card', 'temporary', 'dynamic', 'insurance'] as const)
    expect(permittedBy(kind, doctor, 1).permitted, kind).not.toContain('open-record');
  expect(permittedBy('printed', doctor, null).permitted).toEqual(['identify', 'register']);
});

test('a hospital’s system settles with the insurance credential and opens no record', () => {
  const system: Scanner = { role: 'client', kind: 'client', institution: 1 };
  expect(permittedBy('insurance', system, null).permitted).toEqual(['identify', 'register', 'dispense', 'settle']);
  expect(permittedBy('own', system, null).permitted).not.toContain('open-record');
});

test('a temporary card registers only where it was given, and every refusal has its reason', () => {
  expect(permittedBy('temporary', doctor, 2).permitted).toEqual(['identify']);
  const { permitted, withheld } = permittedBy('static', doctor, null);
  expect([...permitted, ...withheld.map(({ permit }) => permit)].sort()).toEqual(
    ['identify', 'register', 'dispense', 'settle', 'open-record'].sort(),
  );
});

const person = (resident: bigint, age: number | null) => ({ resident, age });
test.each([
  ['a parent for a child', 'parent', 40, 7, 0, true],
  ['a parent for a child that has come of age', 'parent', 40, 18, 0, false],
  ['a child for a parent of 70', 'child', 40, 70, 0, true],
  ['a child for a parent of 50', 'child', 25, 50, 0, false],
  ['a sixth person', 'parent', 40, 7, 5, false],
  ['a minor for anybody', 'parent', 17, 2, 0, false],
  ['a carer for an adult', 'carer', 30, 45, 0, true],
  ['a carer for a child', 'carer', 30, 5, 0, false],
] as const)('holding a code: %s', (_what, relation, holder, subject, held, allowed) => {
  expect(mayHold(relation, person(1n, holder), person(2n, subject), held)).toBe(allowed);
  expect(mayHold(relation, person(1n, holder), person(1n, subject), held)).toBe(false);
});
