import { randomUUID } from 'node:crypto';
import { fold } from '@hutong/fhir';
import type { Call, Refusal, Reply } from '../../../core/access/index.ts';
import type { Resource } from '../../fact.ts';
import { type FhirDoor, notFound, outcome } from '../door.ts';
import { issue } from '../outcome.ts';
import { displayOf, problemOf } from './code-systems.ts';
import { badParameter, codingsOf, dayOf, type Given, parameters, parametersOf } from './parameters.ts';
import { sourcesFor } from './sources.ts';
import { type Code, codeIn, type Sources, systemView } from './systems.ts';
import { type Compiled, compileValueSet, findValueSet, isTrouble, type Trouble } from './value-sets.ts';

type Answer = Promise<Reply | Refusal>;
const most = 1000;

const troubleReply = ({ trouble: { rule, zh, en } }: Trouble): Reply =>
  outcome(rule === 'not-found' ? 404 : rule === 'too-costly' ? 422 : 400, [issue(rule, 'ValueSet', zh, en)]);

/** The value set that an instance, the parameter `url` (with `valueSetVersion`) or an inline `valueSet` names. */
async function valueSetNamed(sources: Sources, call: Call, given: Given): Promise<Resource | Reply | Refusal> {
  const { id } = call.params;
  if (id !== undefined) return (await sources.byId('ValueSet', id)) ?? notFound();
  const inline = given.all('valueSet')[0] as Resource | undefined;
  if (inline && typeof inline === 'object') return inline;
  const url = given.text('url');
  if (url === undefined) return badParameter('url', '须给出值集 url', 'The url of the value set must be given').reply;
  const version = given.text('valueSetVersion');
  const found = await findValueSet(sources, version === undefined ? url : `${url.split('|')[0]}|${version}`);
  return (
    found ??
    outcome(404, [
      issue('not-found', 'url', `没有值集 ${url.slice(0, 200)}`, `There is no value set ${url.slice(0, 200)}`),
    ])
  );
}
const isResource = (x: object): x is Resource => 'resourceType' in x && typeof x.resourceType === 'string';

/** Every word of `filter` begins a word of a name, stands in a Chinese one, or begins the code. */
function passes({ code, display, others }: Code, words: readonly string[]): boolean {
  const names = [display, ...others.map(({ value }) => value)].map(fold);
  const starts = [fold(code), ...names.flatMap((name) => name.split(/[^\p{L}\p{N}.]+/u))];
  return words.every(
    (word) =>
      starts.some((one) => one.startsWith(word)) ||
      (/\p{Script=Han}/u.test(word) && names.some((name) => name.includes(word))),
  );
}

function pageOf(given: Given, name: 'offset' | 'count', usual: number): number | { reply: Reply } {
  const text = given.text(name);
  if (text === undefined) return usual;
  return /^\d{1,7}$/.test(text)
    ? Number(text)
    : badParameter(name, `${name} 应为非负整数`, `${name} must be a whole number`);
}

/** ValueSet/$expand: the codes valid on `date` (today), in pages of `count` from `offset`, by `filter`. */
export async function expand(door: FhirDoor, call: Call): Answer {
  const given = parametersOf(call, [
    'url',
    'valueSet',
    'valueSetVersion',
    'filter',
    'date',
    'offset',
    'count',
    'displayLanguage',
    'includeDesignations',
    'includeDefinition',
    'activeOnly',
  ]);
  if ('reply' in given) return given.reply;
  const day = dayOf(given, call.now);
  if (typeof day !== 'string') return day.reply;
  const offset = pageOf(given, 'offset', 0);
  if (typeof offset !== 'number') return offset.reply;
  const count = pageOf(given, 'count', most);
  if (typeof count !== 'number') return count.reply;
  const sources = sourcesFor(door, call);
  const valueSet = await valueSetNamed(sources, call, given);
  if (!isResource(valueSet)) return valueSet;
  const compiled = await compileValueSet(sources, valueSet, day);
  if (isTrouble(compiled)) return troubleReply(compiled);
  const words = fold(given.text('filter') ?? '')
    .split(/\s+/)
    .filter((word) => word !== '');
  const all = compiled.list().filter((code) => passes(code, words));
  const page = all.slice(offset, offset + Math.min(count, most));
  const { compose, text: _text, ...head } = valueSet;
  return {
    body: {
      ...head,
      ...(given.text('includeDefinition') === 'true' && compose !== undefined && { compose }),
      expansion: {
        identifier: `urn:uuid:${randomUUID()}`,
        timestamp: new Date(call.now).toISOString(),
        total: all.length,
        offset,
        parameter: [
          { name: 'date', valueDateTime: day },
          ...(words.length > 0 ? [{ name: 'filter', valueString: given.text('filter') }] : []),
          { name: 'count', valueInteger: Math.min(count, most) },
          ...usedSystems(compiled, all),
        ],
        ...(page.length > 0 && { contains: page.map((code) => contained(code, given, call)) }),
      },
    },
  };
}

/** Which editions the codes are of, and which systems are carried here only in part: what such a list leaves out is not wrong. */
const usedSystems = ({ used }: Compiled, codes: readonly Code[]): object[] => [
  ...[...new Set(codes.flatMap(({ system, version }) => (version === undefined ? [] : [`${system}|${version}`])))].map(
    (address) => ({ name: 'used-codesystem', valueUri: address }),
  ),
  ...used.filter(({ complete }) => !complete).map(({ url }) => ({ name: 'used-fragment', valueUri: url })),
];

function contained(code: Code, given: Given, call: Call): object {
  return {
    ...(code.system !== '' && { system: code.system }),
    ...(code.version !== undefined && { version: code.version }),
    code: code.code,
    display: displayOf(code, given, call),
    ...(given.text('includeDesignations') === 'true' &&
      code.others.length > 0 && { designation: [{ language: 'zh-CN', value: code.display }, ...code.others] }),
  };
}

/** ValueSet/$validate-code: whether one of the codings is in the set and valid on the day. */
export async function validateInSet(door: FhirDoor, call: Call): Answer {
  const given = parametersOf(call, [
    'url',
    'valueSet',
    'valueSetVersion',
    'code',
    'system',
    'systemVersion',
    'display',
    'coding',
    'codeableConcept',
    'date',
    'displayLanguage',
    'inferSystem',
  ]);
  if ('reply' in given) return given.reply;
  const day = dayOf(given, call.now);
  if (typeof day !== 'string') return day.reply;
  const sources = sourcesFor(door, call);
  const valueSet = await valueSetNamed(sources, call, given);
  if (!isResource(valueSet)) return valueSet;
  const codings = codingsOf(given, 'system');
  if (codings.length === 0)
    return badParameter(
      'code',
      '须给出 code、coding 或 codeableConcept',
      'A code, coding or codeableConcept must be given',
    ).reply;
  const compiled = await compileValueSet(sources, valueSet, day);
  if (isTrouble(compiled)) return troubleReply(compiled);
  const messages: string[] = [];
  for (const coding of codings) {
    const inferred =
      given.text('inferSystem') === 'true'
        ? compiled.list().find(({ code }) => code === coding.code)?.system
        : undefined;
    const system = coding.system ?? inferred;
    if (system === undefined || coding.code === undefined)
      return badParameter('system', '须给出代码系统', 'The system of the code must be given').reply;
    const view = await systemView(sources, system, coding.version);
    const known = view && codeIn(view, coding.code, day);
    const code: Code = known ?? {
      system,
      version: undefined,
      code: coding.code,
      display: coding.code,
      others: [],
      properties: {},
    };
    // A code of a system that is carried in part may lie in the set by its place in the hierarchy.
    const isKnownWrong =
      view !== undefined && !known && (view.complete || codeIn(view, coding.code, 'any') !== undefined);
    if (!compiled.has(code) || isKnownWrong) {
      const why = view && !known ? ` ${problemOf(view, coding, day, known)}` : '';
      messages.push(
        `代码 ${coding.code.slice(0, 64)} 不在值集中。The code ${coding.code.slice(0, 64)} is not in the value set.${why}`,
      );
      continue;
    }
    const problem = view && known ? problemOf(view, coding, day, known) : null;
    if (problem !== null) {
      messages.push(problem);
      continue;
    }
    return parameters(
      { name: 'result', valueBoolean: true },
      { name: 'display', valueString: displayOf(code, given, call) },
      code.version !== undefined && { name: 'version', valueString: code.version },
      { name: 'system', valueUri: system },
    );
  }
  return parameters({ name: 'result', valueBoolean: false }, { name: 'message', valueString: messages.join(' ') });
}
