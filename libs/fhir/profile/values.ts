// Values of a resource with their places, as a profile's rules meet them.
import { elementNamed } from '../elements.ts';

type Json = Record<string, unknown>;
/** A value found under an element's name. `at` is its FHIRPath place, `type` the type its name in JSON says; `node` defines its children. */
export type Found = { readonly value: unknown; readonly at: string; readonly type: string; readonly node: string };

export const asObject = (x: unknown): Json | undefined =>
  typeof x === 'object' && x !== null && !Array.isArray(x) ? (x as Json) : undefined;

/** The members of `holder` that an element's name means: 'value[x]' is valueQuantity and its like. A primitive with extensions only has a value of undefined. */
export function valuesOf({ value: holder, at, node }: Found, name: string): Found[] {
  const object = asObject(holder);
  if (!object) return [];
  const base = name.replace('[x]', '');
  const keys = new Set(Object.keys(object).map((key) => key.replace(/^_/, '')));
  const found: Found[] = [];
  for (const key of keys) {
    const named = elementNamed(node, key);
    if (!named || (key !== base && named.element.name !== base)) continue;
    const place = `${at}.${named.element.name}`;
    const one = (value: unknown, where: string): Found => ({
      value,
      at: where,
      type: named.type,
      node: named.type === 'Resource' ? String(asObject(value)?.resourceType) : named.node,
    });
    const value = object[key];
    const beside = object[`_${key}`];
    if (Array.isArray(value) || Array.isArray(beside)) {
      const [values, besides] = [value, beside].map((list) => (Array.isArray(list) ? list : [])) as [
        unknown[],
        unknown[],
      ];
      for (let i = 0; i < Math.max(values.length, besides.length); i++)
        found.push(one(values[i] ?? undefined, `${place}[${i}]`));
    } else found.push(one(value, place));
  }
  return found;
}

/** What a discriminator's path leads to: '$this', 'code.coding', "extension('url').value". */
export function valuesAt(start: Found, path: string): Found[] {
  if (path === '$this' || path === '') return [start];
  const step = /^(?:extension\('([^']*)'\)|ofType\((\w+)\)|([A-Za-z]+))(?:\.(.*))?$/.exec(path);
  if (!step) return [];
  const [, extension, type, name, rest = ''] = step;
  const next =
    extension !== undefined
      ? valuesOf(start, 'extension').filter(({ value }) => asObject(value)?.url === extension)
      : type !== undefined
        ? [start].filter((one) => one.type === type)
        : valuesOf(start, name ?? '');
  return next.flatMap((one) => valuesAt(one, rest));
}
