import { expect, test } from 'vitest';
import { type Caller, decideRecordAccess, labelOf, permissionsOfRole, type Role, scopeCovers } from './index.ts';

const now = Date.UTC(2026, 10, 23);
const day = 86_400_000;
const staff = (role: Role, institution: number | null = 1): Caller => ({
  kind: 'staff',
  id: 'x',
  role,
  institution,
  permissions: permissionsOfRole[role],
  scopes: [],
});
const relation = { now, lastCareAt: null, breakGlassUntil: null, notifiable: false };

test.each([
  [
    'a clinician whose institution saw the resident lately',
    staff('clinician'),
    { lastCareAt: now - 10 * day },
    true,
    'care-relationship',
  ],
  [
    'a clinician whose institution saw the resident long ago',
    staff('clinician'),
    { lastCareAt: now - 181 * day },
    false,
    'none',
  ],
  ['a clinician without any relationship', staff('clinician'), {}, false, 'none'],
  ['a clinician behind broken glass', staff('clinician'), { breakGlassUntil: now + 1 }, true, 'break-glass'],
  ['a clinician whose broken glass has closed', staff('clinician'), { breakGlassUntil: now }, false, 'none'],
  ['an epidemiologist, notifiable disease', staff('epidemiologist', null), { notifiable: true }, true, 'public-health'],
  ['an epidemiologist, no notifiable disease', staff('epidemiologist', null), {}, false, 'none'],
  [
    'an administrator, whatever the relationship',
    staff('administrator'),
    { lastCareAt: now, notifiable: true, breakGlassUntil: now + day },
    false,
    'none',
  ],
  ['an integrator', staff('integrator'), { lastCareAt: now }, false, 'none'],
  ['an operator', staff('operator'), { lastCareAt: now }, false, 'none'],
] as const)('%s', (_who, caller, facts, allowed, ground) => {
  expect(decideRecordAccess(caller, { ...relation, ...facts })).toMatchObject({ allowed, ground });
});

test('restricted facts are for treatment and broken glass, not for surveillance', () => {
  expect(decideRecordAccess(staff('epidemiologist', null), { ...relation, notifiable: true }).maxLabel).toBe(0);
  expect(decideRecordAccess(staff('clinician'), { ...relation, lastCareAt: now }).maxLabel).toBe(1);
  expect(labelOf({ code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'B20' }] } })).toBe(1);
  expect(labelOf({ code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'J18.9' }] } })).toBe(0);
  expect(labelOf({ reasonCode: [{ coding: [{ system: 'urn:oid:icd-10-cn', code: 'F20.0' }] }] })).toBe(1);
});

test('SMART scopes cover exactly what they name', () => {
  expect(scopeCovers(['system/Observation.rs'], 'Observation', 'r')).toBe(true);
  expect(scopeCovers(['system/Observation.rs'], 'Observation', 'c')).toBe(false);
  expect(scopeCovers(['system/Observation.rs'], 'Condition', 'r')).toBe(false);
  expect(scopeCovers(['system/*.read'], 'Condition', 's')).toBe(true);
  expect(scopeCovers(['system/*.write'], 'Condition', 'r')).toBe(false);
  expect(scopeCovers(['openid', 'system/', 'x/*.cruds', 'system/*.rsx'], 'Condition', 'r')).toBe(false);
});

test('no role holds both the running of the system and the opening of records', () => {
  for (const permissions of Object.values(permissionsOfRole))
    expect(permissions.includes('operations.act') && permissions.includes('record.read')).toBe(false);
});
