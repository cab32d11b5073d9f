import type { Call, Refusal, Reply } from '../../../core/access/index.ts';
import type { Resource } from '../../fact.ts';
import { callerOf, type FhirDoor, notFound } from '../door.ts';
import { equivalenceOf } from './as-fhir.ts';
import { badParameter, codingsOf, dayOf, parameters, parametersOf } from './parameters.ts';
import { sourcesFor } from './sources.ts';
import { codeIn, type Sources, systemView } from './systems.ts';

type Match = { system: string; code: string; equivalence: string; source?: string };
type Group = {
  source?: string;
  target?: string;
  element?: { code?: string; target?: { code?: string; equivalence?: string }[] }[];
};

/** Seen from the other end, what was wider is narrower. */
const turned: Record<string, string> = {
  wider: 'narrower',
  narrower: 'wider',
  subsumes: 'specializes',
  specializes: 'subsumes',
};

function inMap(map: Resource, system: string, code: string, reverse: boolean): Match[] {
  const source = typeof map.url === 'string' ? { source: map.url } : {};
  return ((map.group ?? []) as Group[]).flatMap(({ source: from = '', target: to = '', element = [] }) =>
    element.flatMap((one) =>
      (one.target ?? []).flatMap(({ code: target, equivalence = 'relatedto' }): Match[] => {
        if (one.code === undefined || target === undefined) return [];
        if (reverse)
          return to === system && target === code
            ? [{ system: from, code: one.code, equivalence: turned[equivalence] ?? equivalence, ...source }]
            : [];
        return from === system && one.code === code ? [{ system: to, code: target, equivalence, ...source }] : [];
      }),
    ),
  );
}

/**
 * ConceptMap/$translate: by a map ([id], or `url`), or without one by the tables of the platform: the caller's own institution's first, then
 * those between standards; `date` chooses the table of that day.
 */
export async function translate(door: FhirDoor, call: Call): Promise<Reply | Refusal> {
  const given = parametersOf(call, [
    'url',
    'conceptMapVersion',
    'code',
    'system',
    'version',
    'coding',
    'codeableConcept',
    'targetsystem',
    'reverse',
    'date',
  ]);
  if ('reply' in given) return given.reply;
  const day = dayOf(given, call.now);
  if (typeof day !== 'string') return day.reply;
  const codings = codingsOf(given, 'system');
  if (codings.length === 0 || codings.some(({ system, code }) => !system || !code))
    return badParameter(
      'code',
      '须给出 code 与 system、coding 或 codeableConcept',
      'code and system, a coding or a codeableConcept must be given',
    ).reply;
  const reverse = given.text('reverse') === 'true';
  const sources = sourcesFor(door, call);
  const url = given.text('url');
  const { id } = call.params;
  const map =
    id !== undefined
      ? await sources.byId('ConceptMap', id)
      : url !== undefined
        ? await sources.stored('ConceptMap', url, given.text('conceptMapVersion'))
        : undefined;
  if (!map && (id !== undefined || url !== undefined)) return notFound();
  const target = given.text('targetsystem');
  const found = codings
    .flatMap(({ system = '', code = '' }) =>
      map ? inMap(map, system, code, reverse) : byTables(door, call, system, code, reverse, day),
    )
    .filter(({ system }) => target === undefined || system === target);
  const matches = await Promise.all(found.map((match) => matchPart(sources, match, day)));
  const some = found.some(({ equivalence }) => equivalence !== 'unmatched' && equivalence !== 'disjoint');
  return parameters(
    { name: 'result', valueBoolean: some },
    !some && { name: 'message', valueString: '没有对应的代码。No mapping was found.' },
    ...matches,
  );
}

function byTables(door: FhirDoor, call: Call, system: string, code: string, reverse: boolean, day: string): Match[] {
  if (reverse)
    return door.terminology
      .crosswalks()
      .filter(
        (map) => map.targetSystem === system && map.targetCode === code && map.from <= day && (map.to ?? day) >= day,
      )
      .map((map) => ({
        system: map.sourceSystem,
        code: map.sourceCode,
        equivalence: turned[equivalenceOf(map.equivalence)] ?? equivalenceOf(map.equivalence),
      }));
  const institution = door.directory.institution(callerOf(call).institution ?? -1)?.code;
  const local = institution === undefined ? [] : door.terminology.translate(institution, system, code, day);
  return [...local, ...door.terminology.translate('', system, code, day)].map((one) => ({
    system: one.system,
    code: one.code,
    equivalence: equivalenceOf(one.equivalence),
  }));
}

async function matchPart(
  sources: Sources,
  { system, code, equivalence, source }: Match,
  day: string,
): Promise<{ name: string; part: object[] }> {
  const view = await systemView(sources, system, undefined);
  const known = view && (codeIn(view, code, day) ?? codeIn(view, code, 'any'));
  return {
    name: 'match',
    part: [
      { name: 'equivalence', valueCode: equivalence },
      {
        name: 'concept',
        valueCoding: {
          ...(system !== '' && { system }),
          ...(known?.version !== undefined && { version: known.version }),
          code,
          ...(known && { display: known.display }),
        },
      },
      ...(source === undefined ? [] : [{ name: 'source', valueUri: source }]),
    ],
  };
}
