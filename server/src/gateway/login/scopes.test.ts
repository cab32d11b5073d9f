import { describe, expect, it } from 'vitest';
import { scopeCovers } from '../../core/access/index.ts';
import { isSystemScope, permissionsOfScopes, systemScopes } from './scopes.ts';

describe('SMART system scopes', () => {
  it('are read in both versions, letters in their order', () => {
    for (const scope of [
      'system/*.cruds',
      'system/Patient.rs',
      'system/Observation.c',
      'system/*.read',
      'system/Patient.write',
      'system/*.*',
    ])
      expect(isSystemScope(scope), scope).toBe(true);
    for (const scope of [
      '',
      'openid',
      'user/*.rs',
      'patient/*.rs',
      'system/*.',
      'system/*.sr',
      'system/*.rr',
      'system/patient.rs',
      'system/Observation.rs?category=laboratory',
      'system/*.rs\n',
      'xsystem/*.rs',
    ])
      expect(isSystemScope(scope), JSON.stringify(scope)).toBe(false);
    expect(systemScopes('system/*.rs launch system/*.rs  user/*.c')).toEqual(['system/*.rs']);
  });

  it('give a permission exactly when some interaction is covered', () => {
    for (const what of ['read', 'write', '*', ...'cruds', 'cu', 'rs', 'cruds', 'ds']) {
      const scopes = [`system/*.${what}`];
      const covered = (letters: string) => [...letters].some((letter) => scopeCovers(scopes, 'Patient', letter as 'c'));
      expect(permissionsOfScopes(scopes).includes('fhir.read'), what).toBe(covered('rs'));
      expect(permissionsOfScopes(scopes).includes('fhir.write'), what).toBe(covered('cud'));
    }
    expect(permissionsOfScopes([])).toEqual(['messages.send']);
  });
});
