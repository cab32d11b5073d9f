import { fold } from '../fold.ts';
import { list, type Out, object } from './json.ts';

export function stringPrimitive(o: Out, param: string, x: unknown): void {
  if (typeof x === 'string' && x !== '') o.push({ kind: 'string', param, value: x, folded: fold(x) });
}

const HAN = /\p{Script=Han}/u;

/**
 * Every part of a name. A Chinese name sent in parts only is also found whole (王 + 小明 -> 王小明): nobody searches
 * for half of it.
 */
export function stringName(o: Out, param: string, x: unknown): void {
  const n = object(x);
  if (n === undefined) return;
  stringPrimitive(o, param, n.text);
  stringPrimitive(o, param, n.family);
  const given = list(n.given);
  for (let i = 0; i < given.length; i++) stringPrimitive(o, param, given[i]);
  const prefix = list(n.prefix);
  for (let i = 0; i < prefix.length; i++) stringPrimitive(o, param, prefix[i]);
  const suffix = list(n.suffix);
  for (let i = 0; i < suffix.length; i++) stringPrimitive(o, param, suffix[i]);
  if (typeof n.family === 'string' && given.length > 0 && n.text === undefined && HAN.test(n.family)) {
    stringPrimitive(o, param, n.family + given.filter((g) => typeof g === 'string').join(''));
  }
}

const ADDRESS_PARTS = ['text', 'city', 'district', 'state', 'postalCode', 'country'];

export function stringAddress(o: Out, param: string, x: unknown): void {
  const a = object(x);
  if (a === undefined) return;
  for (const line of list(a.line)) stringPrimitive(o, param, line);
  for (const part of ADDRESS_PARTS) stringPrimitive(o, param, a[part]);
}
