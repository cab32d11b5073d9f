import type { CodePair } from '../value.ts';
import { list, type Out, object, text } from './json.ts';

function pushToken(
  o: Out,
  param: string,
  system: string | undefined,
  code: string | undefined,
  display: string | undefined,
  types: readonly CodePair[] | undefined,
): void {
  o.push({ kind: 'token', param, system, code, text: display, types });
}

/** code, id, string, uri ... and boolean; `system` is that of the binding when the element has exactly one. */
export function tokenPrimitive(o: Out, param: string, x: unknown, system: string | undefined): void {
  if (typeof x === 'string' ? x !== '' : typeof x === 'boolean')
    pushToken(o, param, system, String(x), undefined, undefined);
}

export function tokenCoding(o: Out, param: string, x: unknown): void {
  const c = object(x);
  if (c === undefined) return;
  const system = text(c.system);
  const code = text(c.code);
  const display = text(c.display);
  if (system === undefined && code === undefined && display === undefined) return;
  pushToken(o, param, system, code, display, undefined);
}

export function tokenConcept(o: Out, param: string, x: unknown): void {
  const c = object(x);
  if (c === undefined) return;
  const codings = list(c.coding);
  for (let i = 0; i < codings.length; i++) tokenCoding(o, param, codings[i]);
  const words = text(c.text);
  if (words !== undefined) pushToken(o, param, undefined, undefined, words, undefined);
}

export function tokenIdentifier(o: Out, param: string, x: unknown): void {
  const c = object(x);
  if (c === undefined) return;
  const system = text(c.system);
  const value = text(c.value);
  if (system === undefined && value === undefined) return;
  const type = object(c.type);
  let types: CodePair[] | undefined;
  if (type !== undefined) {
    for (const coding of list(type.coding)) {
      const t = object(coding);
      if (t !== undefined) types = [...(types ?? []), { system: text(t.system), code: text(t.code) }];
    }
  }
  pushToken(o, param, system, value, type === undefined ? undefined : text(type.text), types);
}

/** The kind of contact (phone, email ...) is not a code system: only the value counts. */
export function tokenContact(o: Out, param: string, x: unknown): void {
  const value = text(object(x)?.value);
  if (value !== undefined) pushToken(o, param, undefined, value, undefined, undefined);
}
