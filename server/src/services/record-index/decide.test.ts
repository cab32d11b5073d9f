import { expect, test } from 'vitest';
import { careEventOf } from './decide.ts';

const coding = (code: string, display: string, system = 'http://loinc.org') => ({
  coding: [{ system, code, display }],
});

test.each([
  [
    'an outpatient visit',
    { resourceType: 'Encounter', status: 'finished', class: { code: 'AMB' }, reasonCode: [{ text: '发热' }] },
    { kind: 'outpatient', zh: '门诊：发热' },
  ],
  [
    'an emergency visit',
    { resourceType: 'Encounter', status: 'finished', class: { code: 'EMER' } },
    { kind: 'emergency', zh: '急诊' },
  ],
  [
    'a prescription with its dose',
    {
      resourceType: 'MedicationRequest',
      status: 'active',
      medicationCodeableConcept: { text: '二甲双胍' },
      dosageInstruction: [{ text: '每日两次' }],
    },
    { kind: 'prescription', zh: '二甲双胍', summary: '每日两次' },
  ],
  [
    'an imaging report with its conclusion',
    {
      resourceType: 'DiagnosticReport',
      status: 'final',
      category: [{ coding: [{ code: 'RAD' }] }],
      code: { text: '胸片' },
      conclusion: '未见异常',
    },
    { kind: 'imaging', zh: '胸片', summary: '未见异常' },
  ],
  [
    'a vaccination',
    { resourceType: 'Immunization', status: 'completed', vaccineCode: { text: '乙肝疫苗' } },
    { kind: 'immunization', zh: '乙肝疫苗' },
  ],
] as const)('%s stands on the time-line', (_what, resource, expected) => {
  expect(careEventOf(resource as never, [])).toMatchObject(expected);
});

test('a laboratory report names what is out of range', () => {
  const results = [
    { code: coding('14749-6', '葡萄糖'), interpretation: [{ coding: [{ code: 'H' }] }] },
    { code: coding('718-7', '血红蛋白'), interpretation: [{ coding: [{ code: 'N' }] }] },
  ];
  expect(
    careEventOf({ resourceType: 'DiagnosticReport', status: 'final', code: { text: '生化' } }, results),
  ).toMatchObject({ kind: 'laboratory', abnormal: true, summary: '葡萄糖' });
});

test('what was cancelled or entered in error does not stand there, nor does a lone observation', () => {
  expect(careEventOf({ resourceType: 'Encounter', status: 'cancelled' }, [])).toBeNull();
  expect(careEventOf({ resourceType: 'DiagnosticReport', status: 'entered-in-error' }, [])).toBeNull();
  expect(careEventOf({ resourceType: 'Observation', status: 'final' }, [])).toBeNull();
});
