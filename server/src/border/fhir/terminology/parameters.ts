import type { Call, Reply } from '../../../core/access/index.ts';
import type { Resource } from '../../fact.ts';
import { parseBody } from '../body.ts';
import { outcome } from '../door.ts';
import { issue } from '../outcome.ts';
import { formatRefusal } from '../shape.ts';

export type Coding = { system?: string; version?: string; code?: string; display?: string };
/** What the caller gave, by name; repeated ones in their order. */
export type Given = {
  text(name: string): string | undefined;
  all(name: string): unknown[];
  has(name: string): boolean;
};

const asked = 'address';
/** Parameters that may be given more than once. */
const repeating = new Set(['property', 'designation', 'exclude-system', 'system-version', 'profile', 'id', 'status']);

export const badParameter = (name: string, zh: string, en: string): { reply: Reply } => ({
  reply: outcome(400, [issue('value', name.slice(0, 60), zh, en)]),
});

/**
 * The parameters of an operation, from the address (GET) or a Parameters resource (POST). One that the operation does not have is refused by
 * name: an operation that leaves out what it was asked would answer another question.
 */
export function parametersOf(call: Call, known: readonly string[]): Given | { reply: Reply } {
  const found = new Map<string, unknown[]>();
  const add = (name: string, value: unknown, from: string): { reply: Reply } | undefined => {
    if (name === '_format' || name === '_pretty') {
      const refusal = name === '_format' ? formatRefusal(String(value)) : null;
      return refusal ?? undefined;
    }
    if (!known.includes(name))
      return badParameter(
        name,
        `未知参数“${name.slice(0, 60)}”`,
        `The parameter "${name.slice(0, 60)}" is not known (${from})`,
      );
    const list = found.get(name);
    if (list && !repeating.has(name))
      return badParameter(name, `参数“${name}”只能给一次`, `The parameter "${name}" may be given once`);
    found.set(name, [...(list ?? []), value]);
    return undefined;
  };
  for (const [name, value] of new URLSearchParams(call.rawQuery)) {
    const refusal = add(name, value, asked);
    if (refusal) return refusal;
  }
  if (Buffer.isBuffer(call.body) && call.body.length > 0) {
    const body = parseBody(call.body);
    if (Array.isArray(body)) return { reply: outcome(400, body) };
    if (body.resourceType !== 'Parameters')
      return badParameter('Parameters', '内容应为 Parameters 资源', 'The content must be a Parameters resource');
    for (const part of (Array.isArray(body.parameter) ? body.parameter : []) as Record<string, unknown>[]) {
      const key = Object.keys(part ?? {}).find((one) => one.startsWith('value') || one === 'resource');
      const refusal = add(String(part?.name), key === undefined ? undefined : part[key], 'Parameters.parameter');
      if (refusal) return refusal;
    }
  }
  return {
    text(name) {
      const [value] = found.get(name) ?? [];
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? String(value)
        : undefined;
    },
    all: (name) => found.get(name) ?? [],
    has: (name) => found.has(name),
  };
}

type Part = { name: string; [value: string]: unknown };
export const parameters = (...parts: (Part | false | undefined)[]): { body: Resource } => ({
  body: { resourceType: 'Parameters', parameter: parts.filter((part) => part) as Part[] },
});

const object = (x: unknown): Record<string, unknown> | undefined =>
  typeof x === 'object' && x !== null ? (x as Record<string, unknown>) : undefined;

/** The codes asked about: `code` with its system, a `coding`, or those of a `codeableConcept`. */
export function codingsOf(given: Given, systemName: string): Coding[] {
  const coding = object(given.all('coding')[0]) as Coding | undefined;
  const concept = object(given.all('codeableConcept')[0]) as { coding?: Coding[] } | undefined;
  const code = given.text('code');
  const system = given.text(systemName);
  const version = given.text('version') ?? given.text('systemVersion');
  const display = given.text('display');
  return [
    ...(code === undefined
      ? []
      : [
          {
            code,
            ...(system !== undefined && { system }),
            ...(version !== undefined && { version }),
            ...(display !== undefined && { display }),
          },
        ]),
    ...(coding ? [coding] : []),
    ...(Array.isArray(concept?.coding) ? concept.coding : []),
  ];
}

/** `date` is a day, in Asia/Shanghai; without one, today's. */
export function dayOf(given: Given, now: number): string | { reply: Reply } {
  const date = given.text('date');
  if (date === undefined) return new Date(now + 8 * 3_600_000).toISOString().slice(0, 10);
  return /^\d{4}-\d{2}-\d{2}/.test(date)
    ? date.slice(0, 10)
    : badParameter('date', 'date 应为 YYYY-MM-DD', 'date must be a day, YYYY-MM-DD');
}
