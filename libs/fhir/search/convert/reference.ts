import { parseReference, referenceType } from '../reference.ts';
import { type Json, type Out, object, text } from './json.ts';

export function uri(o: Out, param: string, x: unknown): void {
  if (typeof x === 'string' && x !== '') o.push({ kind: 'uri', param, value: x });
}

export function reference(o: Out, param: string, x: unknown, container: Json): void {
  const r = object(x);
  if (r === undefined) return;
  const literal = text(r.reference);
  const parts = literal === undefined ? undefined : parseReference(literal);
  const logical = object(r.identifier);
  const system = text(logical?.system);
  const value = text(logical?.value);
  const identifier = system === undefined && value === undefined ? undefined : { system, value };
  if (parts === undefined && identifier === undefined) return;
  o.push({
    kind: 'reference',
    param,
    type: parts?.type ?? referenceType(x, container),
    id: parts?.id,
    version: parts?.version,
    url: parts?.url,
    identifier,
  });
}

/** A canonical, or a uri standing for one: 'http://x|1.0#part'. */
export function referenceCanonical(o: Out, param: string, x: unknown): void {
  if (typeof x !== 'string' || x === '') return;
  const hash = x.indexOf('#', 1);
  const whole = hash < 0 ? x : x.slice(0, hash);
  const bar = whole.indexOf('|');
  const url = bar < 0 ? whole : whole.slice(0, bar);
  const version = bar < 0 ? undefined : whole.slice(bar + 1);
  o.push({ kind: 'reference', param, type: undefined, id: undefined, version, url, identifier: undefined });
}

/** A resource carried in place of a reference: the first entry of a document or message. */
export function referenceResource(o: Out, param: string, x: unknown): void {
  const r = object(x);
  const type = text(r?.resourceType);
  const id = text(r?.id);
  if (type === undefined || id === undefined) return;
  o.push({ kind: 'reference', param, type, id, version: undefined, url: undefined, identifier: undefined });
}

export function isReferenceTo(x: unknown, type: string, container: Json): boolean {
  return referenceType(x, container) === type;
}
