import { type Permission, scopeCovers } from '../../core/access/index.ts';

const pattern = /^system\/(?:\*|[A-Z][A-Za-z]{1,60})\.(read|write|\*|(?=[cruds])c?r?u?d?s?)$/;

/**
 * SMART App Launch 2.2 section 4.2.3 (`system/Observation.rs`) and version 1 (`system/Observation.read`). Only `system`:
 * no person stands behind a hospital's system. Searches in scopes (`?category=...`) are not understood and so not granted.
 */
export const isSystemScope = (scope: string): boolean => pattern.test(scope);

export const systemScopes = (asked: string): string[] => [...new Set(asked.split(' ').filter(isSystemScope))];

const lettersOf = (scope: string): string => {
  const what = pattern.exec(scope)?.[1] ?? '';
  return what === 'read' ? 'rs' : what === 'write' ? 'cud' : what === '*' ? 'cruds' : what;
};

/** What a registered sender may do with a token of these scopes. Sending messages is what it is registered for and needs no scope. */
export function permissionsOfScopes(scopes: readonly string[]): Permission[] {
  const letters = scopes.map(lettersOf).join('');
  return [
    ...(/[rs]/.test(letters) ? ['fhir.read' as const] : []),
    ...(/[cud]/.test(letters) ? ['fhir.write' as const] : []),
    // A counter's system needs to read people to scan a code, and to make people to register one.
    ...(scopeCovers(scopes, 'Patient', 'r') ? ['codes.scan' as const] : []),
    ...(scopeCovers(scopes, 'Patient', 'c') ? ['codes.serve' as const] : []),
    'messages.send',
  ];
}
