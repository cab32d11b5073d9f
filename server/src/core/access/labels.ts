/**
 * Sensitivity labels by diagnosis: level 5 of GB/T 39725-2020 (HIV and other sexually transmitted disease, mental illness) is
 * hidden unless the ground is treatment. ICD-10 prefixes; the list is policy, and one place to change it.
 */
const restricted: readonly RegExp[] = [/^B2[0-4]/, /^Z21/, /^A5[0-9]/, /^A6[0-4]/, /^F[0-9]{2}/];

/** 1 when a code of the resource is restricted, else 0. Looks only at codings with an ICD-10 system, wherever they stand in the resource. */
export function labelOf(resource: unknown, depth = 0): number {
  if (depth > 12 || resource === null || typeof resource !== 'object') return 0;
  if (Array.isArray(resource)) return resource.some((item) => labelOf(item, depth + 1) > 0) ? 1 : 0;
  const { system, code } = resource as { system?: unknown; code?: unknown };
  if (typeof system === 'string' && typeof code === 'string' && system.includes('icd-10') && restricted.some((pattern) => pattern.test(code))) return 1;
  for (const value of Object.values(resource)) if (typeof value === 'object' && labelOf(value, depth + 1) > 0) return 1;
  return 0;
}
