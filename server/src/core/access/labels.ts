/**
 * Sensitivity labels by diagnosis: level 5 of GB/T 39725-2020 (HIV and other sexually transmitted disease, mental illness) is
 * hidden unless the ground is treatment. ICD-10 prefixes; the list is policy, and one place to change it.
 */
const restricted: readonly RegExp[] = [/^B2[0-4]/, /^Z21/, /^A5[0-9]/, /^A6[0-4]/, /^F[0-9]{2}/];

/** 1 when an ICD-10 coding anywhere in the resource is restricted, else 0. */
export function labelOf(resource: unknown): number {
  const codings: { system?: unknown; code?: unknown }[] = [];
  collectCodings(resource, codings, 0);
  return codings.some(
    ({ system, code }) =>
      typeof system === 'string' &&
      typeof code === 'string' &&
      system.includes('icd-10') &&
      restricted.some((pattern) => pattern.test(code)),
  )
    ? 1
    : 0;
}

const deepest = 12;

function collectCodings(value: unknown, found: { system?: unknown; code?: unknown }[], depth: number): void {
  if (depth > deepest || value === null || typeof value !== 'object') return;
  if (Array.isArray(value)) {
    for (const item of value) collectCodings(item, found, depth + 1);
    return;
  }
  if ('system' in value && 'code' in value) found.push(value);
  for (const name in value) {
    const inner = (value as Record<string, unknown>)[name];
    if (typeof inner === 'object') collectCodings(inner, found, depth + 1);
  }
}
