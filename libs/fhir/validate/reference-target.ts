import { referenceType } from '../search/reference.ts';

/** The type a reference points to when that type is not among `targets`; undefined when allowed or not known. */
export function referenceProblem(
  x: unknown,
  targets: ReadonlySet<string>,
  container: Record<string, unknown> | undefined,
): string | undefined {
  const type = referenceType(x, container);
  return type === undefined || targets.has(type) ? undefined : type;
}
