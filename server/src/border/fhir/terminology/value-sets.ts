import type { Resource } from '../../fact.ts';
import { type Code, codeIn, isValid, type Sources, type SystemView, systemView, type When } from './systems.ts';

/** Why a value set cannot be worked out; `rule` is an issue type of FHIR. */
export type Trouble = {
  trouble: { rule: 'not-found' | 'not-supported' | 'too-costly' | 'invalid'; zh: string; en: string };
};
export const isTrouble = (x: object): x is Trouble => 'trouble' in x;
const trouble = (rule: Trouble['trouble']['rule'], zh: string, en: string): Trouble => ({ trouble: { rule, zh, en } });
const cut = (text: unknown): string => String(text).slice(0, 200);

/** A value set as a question (`has`) and as a list (`list`). `used` are the systems it draws on. */
export type Compiled = { has(code: Code): boolean; list(): Code[]; used: readonly SystemView[] };

type Filter = { property?: string; op?: string; value?: string };
type Include = {
  system?: string;
  version?: string;
  concept?: { code?: string; display?: string }[];
  filter?: Filter[];
  valueSet?: string[];
};
type Compose = { include?: Include[]; exclude?: Include[] };
type Contains = { system?: string; version?: string; code?: string; display?: string; contains?: Contains[] };

/** Value sets made of value sets made of … end here. */
const DEEPEST = 10;
const MOST = 20_000;
const keyOf = ({ system, code }: Code): string => `${system}|${code}`;

/** A ValueSet by its canonical address ('url|version'), or by 'ValueSet/id'. */
export async function findValueSet(sources: Sources, address: string): Promise<Resource | undefined> {
  const id = /^ValueSet\/([A-Za-z0-9\-.]{1,64})$/.exec(address)?.[1];
  if (id !== undefined) return sources.byId('ValueSet', id);
  const [url = '', version] = address.split('|', 2);
  return sources.stored('ValueSet', url, version);
}

export async function compileValueSet(
  sources: Sources,
  valueSet: Resource,
  when: When,
  depth = 0,
): Promise<Compiled | Trouble> {
  if (depth > DEEPEST) return trouble('too-costly', '值集嵌套过深', 'The value set is made of value sets too deeply');
  const compose = valueSet.compose as Compose | undefined;
  if (!compose) return expanded((valueSet.expansion as { contains?: Contains[] } | undefined)?.contains);
  const parts: Record<'include' | 'exclude', Compiled[]> = { include: [], exclude: [] };
  for (const side of ['include', 'exclude'] as const)
    for (const one of compose[side] ?? []) {
      const made = await compileInclude(sources, one, when, depth);
      if (isTrouble(made)) return made;
      parts[side].push(made);
    }
  const { include, exclude } = parts;
  const isLeftOut = (code: Code): boolean => exclude.some((one) => one.has(code));
  return {
    has: (code) => include.some((one) => one.has(code)) && !isLeftOut(code),
    list: () => distinct(include.flatMap((one) => one.list())).filter((code) => !isLeftOut(code)),
    used: distinctViews([...include, ...exclude]),
  };
}

const distinct = (codes: Code[]): Code[] =>
  [...new Map(codes.toReversed().map((code) => [keyOf(code), code])).values()].toReversed();
const distinctViews = (parts: Compiled[]): SystemView[] => [
  ...new Map(parts.flatMap(({ used }) => used).map((view) => [view.url, view])).values(),
];

/** A value set that came with its expansion only. */
function expanded(contains: Contains[] | undefined): Compiled | Trouble {
  if (!contains)
    return trouble('invalid', '值集既无 compose 也无 expansion', 'The value set has neither compose nor expansion');
  const codes: Code[] = [];
  const walk = (list: Contains[]): void => {
    for (const { system = '', version, code, display, contains: inner } of list) {
      if (code !== undefined)
        codes.push({ system, version, code, display: display ?? code, others: [], properties: {} });
      walk(inner ?? []);
    }
  };
  walk(contains);
  const keys = new Set(codes.map(keyOf));
  return { has: (code) => keys.has(keyOf(code)), list: () => codes, used: [] };
}

async function compileInclude(
  sources: Sources,
  { system, version, concept, filter = [], valueSet = [] }: Include,
  when: When,
  depth: number,
): Promise<Compiled | Trouble> {
  const nested: Compiled[] = [];
  for (const address of valueSet) {
    const found = await findValueSet(sources, address);
    if (!found) return trouble('not-found', `没有值集 ${cut(address)}`, `There is no value set ${cut(address)}`);
    const made = await compileValueSet(sources, found, when, depth + 1);
    if (isTrouble(made)) return made;
    nested.push(made);
  }
  const inNested = (code: Code): boolean => nested.every((one) => one.has(code));
  if (system === undefined) {
    const [first, ...rest] = nested;
    if (!first)
      return trouble('invalid', 'include 没有 system 或 valueSet', 'An include has neither system nor valueSet');
    return {
      has: inNested,
      list: () => first.list().filter((code) => rest.every((one) => one.has(code))),
      used: distinctViews(nested),
    };
  }
  const view = await systemView(sources, system, version);
  if (!view && !concept)
    return trouble('not-found', `平台没有代码系统 ${cut(system)}`, `The code system ${cut(system)} is not known here`);
  const tests = filter.map((one) => (view ? filterTest(view, one) : undefined));
  const strange = tests.indexOf(undefined);
  if (strange >= 0) {
    const { property, op } = filter[strange] as Filter;
    return trouble(
      'not-supported',
      `不支持过滤 ${cut(property)} ${cut(op)}`,
      `The filter ${cut(property)} ${cut(op)} is not supported`,
    );
  }
  const codes = concept && new Map(concept.map((one) => [one.code, one]));
  const passes = (code: Code): boolean =>
    (!codes || codes.has(code.code)) && tests.every((test) => test?.(code)) && inNested(code);
  const given = (): Code[] =>
    [...(codes ?? new Map()).values()].flatMap(({ code, display }) =>
      code === undefined
        ? []
        : [
            (view && codeIn(view, code, when)) ?? {
              system,
              version,
              code,
              display: display ?? code,
              others: [],
              properties: {},
            },
          ],
    );
  return {
    has: (code) => code.system === system && passes(code),
    list: () => {
      const all = codes ? given() : (view as SystemView).codes.filter((code) => isValid(code, when));
      return distinct(all.filter(passes)).slice(0, MOST);
    },
    used: view ? distinctViews([...nested, { has: () => false, list: () => [], used: [view] }]) : distinctViews(nested),
  };
}

/** Operators of http://hl7.org/fhir/R4/valueset-filter-operator.html, but `regex`, which anybody's text could make run for ever. */
function filterTest(view: SystemView, { property, op, value = '' }: Filter): ((code: Code) => boolean) | undefined {
  const listed = new Set(value.split(',').map((one) => one.trim()));
  if (property === 'concept' || property === 'code')
    switch (op) {
      case 'is-a':
        return ({ code }) => code === value || view.ancestors(code).includes(value);
      case 'descendent-of':
        return ({ code }) => view.ancestors(code).includes(value);
      case 'is-not-a':
        return ({ code }) => code !== value && !view.ancestors(code).includes(value);
      case '=':
        return ({ code }) => code === value;
      case 'in':
        return ({ code }) => listed.has(code);
      case 'not-in':
        return ({ code }) => !listed.has(code);
      default:
        return undefined;
    }
  if (property === undefined) return undefined;
  const held = ({ code, properties }: Code): string | undefined =>
    property === 'parent' ? view.ancestors(code)[0] : properties[property];
  switch (op) {
    case '=':
      return (code) => held(code) === value;
    case 'in':
      return (code) => listed.has(held(code) ?? '\0');
    case 'not-in':
      return (code) => !listed.has(held(code) ?? '\0');
    case 'exists':
      return (code) => (held(code) !== undefined) === (value !== 'false');
    default:
      return undefined;
  }
}
