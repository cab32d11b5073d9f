import type { SimpleSearchValue } from '../value.ts';
import { finite, type Out, object } from './json.ts';

export function position(o: Out, param: string, x: unknown): void {
  const p = object(x);
  const latitude = finite(p?.latitude);
  const longitude = finite(p?.longitude);
  if (latitude !== undefined && longitude !== undefined) o.push({ kind: 'position', param, latitude, longitude });
}

/** Adds one composite, unless a component found nothing. Components are given last to first. */
export function composite(o: Out, param: string, parts: SimpleSearchValue[][]): void {
  o.push({ kind: 'composite', param, parts });
}
