// Breaks a well-formed resource in one known way, and says where a validator must notice.
import { expand } from '../generate/codes.ts';
import { readTerminology } from '../generate/definitions.ts';
import { type Element, variants } from '../generate/model.ts';
import { model } from './random-resource.ts';

type Json = Record<string, unknown>;
/** One member of one object of a resource, with what the specification says about it. */
type Site = { holder: Json; key: string; at: string; element: Element; path: string };
export type Mutation = { name: string; at: string };
type Mutate = (site: Site) => string | undefined;

const terminology = readTerminology();

function sitesOf(node: string, holder: Json, at: string, out: Site[]): void {
  for (const element of model.nodes.get(node)?.elements ?? []) {
    for (const { json, type } of variants(element)) {
      const value = holder[json];
      if (value === undefined) continue;
      const here = `${at}.${element.name}`;
      out.push({ holder, key: json, at: here, element, path: node });
      const inner = element.content ?? type?.code ?? '';
      if (!model.nodes.has(inner)) continue;
      if (Array.isArray(value)) for (const [i, v] of value.entries()) sitesOf(inner, v as Json, `${here}[${i}]`, out);
      else sitesOf(inner, value as Json, here, out);
    }
  }
}

const isPrimitive = (e: Element): boolean =>
  e.content === undefined && e.types.every((t) => model.primitives.has(t.code));
const parent = (at: string): string => at.slice(0, at.lastIndexOf('.'));

/** Each returns where the finding must be, or undefined when it does not apply to the site. */
const MUTATIONS: Record<string, Mutate> = {
  'unknown element': ({ holder, at }) => {
    holder.noSuchElement = 'x';
    return `${parent(at)}.noSuchElement`;
  },
  'null instead of a value': ({ holder, key, at }) => {
    holder[key] = null;
    return at;
  },
  'empty array': ({ holder, key, at }) => {
    holder[key] = [];
    return at;
  },
  'empty object': ({ holder, key, at, element }) => {
    if (element.max > 1 || isPrimitive(element)) return undefined;
    holder[key] = {};
    return at;
  },
  'one where many are expected': ({ holder, key, at, element }) => {
    if (element.max === 1) return undefined;
    holder[key] = (holder[key] as unknown[])[0];
    return at;
  },
  'many where one is expected': ({ holder, key, at, element }) => {
    if (element.max > 1) return undefined;
    holder[key] = [holder[key]];
    return at;
  },
  'required element removed': ({ holder, key, at, element }) => {
    if (element.min === 0) return undefined;
    delete holder[key];
    return at;
  },
  'code outside a required value set': ({ holder, key, at, element }) => {
    if (element.binding?.strength !== 'required' || element.types[0]?.code !== 'code') return undefined;
    if (expand(terminology, element.binding.valueSet) === undefined) return undefined;
    holder[key] = element.max > 1 ? ['no-such-code'] : 'no-such-code';
    return element.max > 1 ? `${at}[0]` : at;
  },
  'two types of a choice': ({ holder, key, at, element }) => {
    const other =
      variants(element).find((v) => v.json !== key && v.type?.code === 'string') ??
      variants(element).find((v) => v.json !== key && v.type?.code === 'boolean');
    if (!element.choice || other === undefined) return undefined;
    holder[other.json] = other.type?.code === 'string' ? 'x' : true;
    return at;
  },
  'a number for a text': ({ holder, key, at, element }) => {
    if (element.max > 1 || element.choice || !isPrimitive(element) || typeof holder[key] !== 'string') return undefined;
    holder[key] = 12;
    return at;
  },
  'a text for a number or boolean': ({ holder, key, at, element }) => {
    if (element.max > 1 || element.choice || !isPrimitive(element) || typeof holder[key] === 'string') return undefined;
    holder[key] = String(holder[key]);
    return at;
  },
  'an empty string': ({ holder, key, at, element }) => {
    if (element.max > 1 || element.choice || !isPrimitive(element)) return undefined;
    holder[key] = '';
    return at;
  },
  'a target type that is not allowed': ({ holder, key, at, element }) => {
    const targets = element.types.find((t) => t.code === 'Reference')?.targets ?? [];
    if (element.max > 1 || element.choice || targets.length === 0 || targets.includes('Basic')) return undefined;
    holder[key] = { reference: 'Basic/1' };
    return at;
  },
};

export const mutationNames = Object.keys(MUTATIONS);

/** Applies the named mutation somewhere in `resource`, chosen by `random`; undefined when it fits nowhere. */
export function mutate(resource: Json, name: string, random: () => number): Mutation | undefined {
  const sites: Site[] = [];
  const type = String(resource.resourceType);
  sitesOf(type, resource, type, sites);
  const start = Math.floor(random() * sites.length);
  for (let i = 0; i < sites.length; i++) {
    const site = sites[(start + i) % sites.length];
    const at = site && MUTATIONS[name]?.(site);
    if (at !== undefined) return { name, at };
  }
  return undefined;
}
