/**
 * What a caller may see, as the store understands it: rows that one of `institutions` wrote, and rows about one of `subjects`, up
 * to a sensitivity label. It is compiled into the WHERE of every query, so paging, counts and includes cannot leak past it.
 * Rows about nobody (institutions, practitioners, locations) are open to every caller who may search at all.
 */
export type Scope = {
  institutions: 'all' | number[];
  subjects: bigint[];
  /** 0 ordinary, 1 restricted (HIV, sexually transmitted, mental health: level 5 of GB/T 39725-2020). */
  maxLabel: number;
};

/** For the rooms that do work on behalf of nobody (translation, read models); never for a request. */
export const systemScope: Scope = { institutions: 'all', subjects: [], maxLabel: 9 };

/** @param next adds a value to the query's parameters and answers its placeholder */
export function scopeSql(scope: Scope, alias: string, next: (value: unknown) => string): string {
  const label = `${alias}.label <= ${next(scope.maxLabel)}`;
  if (scope.institutions === 'all') return label;
  return `${label} and (${alias}.subject is null or ${alias}.institution = any(${next(scope.institutions)}::int4[]) or ${alias}.subject = any(${next(scope.subjects.map(String))}::int8[]))`;
}
