// Unvalidated JSON, read without throwing: what is not what it should be is undefined.
import type { SearchValue } from '../value.ts';

export type Json = Record<string, unknown>;
export type Out = SearchValue[];

export function text(x: unknown): string | undefined {
  return typeof x === 'string' && x !== '' ? x : undefined;
}

export function object(x: unknown): Json | undefined {
  return typeof x === 'object' && x !== null ? (x as Json) : undefined;
}

const NONE: unknown[] = [];

/** The members of a repeating element; nothing when the data has something else there. */
export function list(x: unknown): unknown[] {
  return Array.isArray(x) ? x : NONE;
}

export function finite(x: unknown): number | undefined {
  return typeof x === 'number' && Number.isFinite(x) ? x : undefined;
}
