import type { Call, Refusal, Reply } from '../../../core/access/index.ts';
import { type FhirDoor, notFound, outcome } from '../door.ts';
import { issue } from '../outcome.ts';
import { badParameter, type Coding, codingsOf, dayOf, type Given, parameters, parametersOf } from './parameters.ts';
import { sourcesFor } from './sources.ts';
import { type Code, codeIn, type Sources, type SystemView, systemView } from './systems.ts';

type Answer = Promise<Reply | Refusal>;

const unknownSystem = (url: string): Reply =>
  outcome(404, [
    issue(
      'not-found',
      'system',
      `没有代码系统 ${url.slice(0, 200)}`,
      `The code system ${url.slice(0, 200)} is not known here`,
    ),
  ]);

/** A name in the language asked for: `displayLanguage` before Accept-Language; Chinese without either. */
export function displayOf({ display, others }: Code, given: Given, call: Call): string {
  const wanted = (given.text('displayLanguage') ?? call.headers['accept-language'] ?? '')
    .split(/[-,;_]/)[0]
    ?.toLowerCase();
  return others.find(({ language }) => language.toLowerCase().split('-')[0] === wanted)?.value ?? display;
}

/** The system that an instance ([id]/$…), or the parameter `url` or `system`, names. */
async function systemNamed(
  sources: Sources,
  call: Call,
  given: Given,
): Promise<{ url: string; version: string | undefined } | undefined> {
  const { id } = call.params;
  if (id !== undefined) {
    const stored = await sources.byId('CodeSystem', id);
    return typeof stored?.url === 'string'
      ? { url: stored.url, version: stored.version as string | undefined }
      : undefined;
  }
  const url = given.text('url') ?? given.text('system');
  return url === undefined ? undefined : { url, version: given.text('version') };
}

/** CodeSystem/$lookup: names, properties and days of one code. `date`: as of that day. */
export async function lookup(door: FhirDoor, call: Call): Answer {
  const given = parametersOf(call, ['code', 'system', 'version', 'coding', 'date', 'displayLanguage', 'property']);
  if ('reply' in given) return given.reply;
  const [coding] = codingsOf(given, 'system');
  if (!coding?.code || !coding.system)
    return badParameter('code', '须给出 code 与 system，或 coding', 'code and system, or a coding, must be given')
      .reply;
  const day = dayOf(given, call.now);
  if (typeof day !== 'string') return day.reply;
  const view = await systemView(sourcesFor(door, call), coding.system, coding.version);
  if (!view) return unknownSystem(coding.system);
  // Without a day or a version, a code that has been retired is still told, with its days.
  const found = codeIn(view, coding.code, given.has('date') ? day : 'any');
  if (!found)
    return outcome(404, [
      issue(
        'not-found',
        'code',
        `${view.title}中没有代码 ${coding.code.slice(0, 64)}`,
        `The code ${coding.code.slice(0, 64)} is not in ${view.url}`,
      ),
    ]);
  const wanted = given.all('property').map(String);
  const properties: [string, string, string][] = [
    ...(found.from === undefined ? [] : [['from', 'valueDateTime', found.from] as [string, string, string]]),
    ...(found.to === undefined ? [] : [['to', 'valueDateTime', found.to] as [string, string, string]]),
    ...view
      .ancestors(found.code)
      .slice(0, 1)
      .map((parent): [string, string, string] => ['parent', 'valueCode', parent]),
    ...Object.entries(found.properties).flatMap(([name, value]): [string, string, string][] =>
      name === 'parent' ? [] : [[name, 'valueString', value]],
    ),
  ];
  return parameters(
    { name: 'name', valueString: view.title },
    found.version !== undefined && { name: 'version', valueString: found.version },
    { name: 'display', valueString: displayOf(found, given, call) },
    ...(wanted.length === 0 || wanted.includes('designation') ? found.others : []).map(({ language, value }) => ({
      name: 'designation',
      part: [
        { name: 'language', valueCode: language },
        { name: 'value', valueString: value },
      ],
    })),
    ...properties
      .filter(([name]) => wanted.length === 0 || wanted.includes(name))
      .map(([name, member, value]) => ({
        name: 'property',
        part: [
          { name: 'code', valueCode: name },
          { name: 'value', [member]: value },
        ],
      })),
  );
}

/** Why a code is not valid, for `message`; null when it is. A display that is not one of the code's names is a mistake too. */
export function problemOf(
  view: SystemView,
  { code = '', display }: Coding,
  day: string,
  found: Code | undefined,
): string | null {
  const shown = code.slice(0, 64);
  if (!found) {
    if (codeIn(view, code, 'any')) return `代码 ${shown} 在 ${day} 无效。The code ${shown} is not valid on ${day}.`;
    return view.complete
      ? `代码 ${shown} 不存在。The code ${shown} does not exist in ${view.url}.`
      : `代码 ${shown} 不在平台所载的部分中。The code ${shown} is not in the part of ${view.url} that is carried here.`;
  }
  const names = [found.display, ...found.others.map(({ value }) => value)];
  return display === undefined || names.some((name) => name.toLowerCase() === display.toLowerCase())
    ? null
    : `名称与代码 ${shown} 不符，应为“${found.display}”。The display does not belong to the code ${shown}.`;
}

/** CodeSystem/$validate-code: whether a code exists and is valid on the day. */
export async function validateInSystem(door: FhirDoor, call: Call): Answer {
  const given = parametersOf(call, [
    'url',
    'code',
    'version',
    'display',
    'coding',
    'codeableConcept',
    'date',
    'displayLanguage',
    'system',
  ]);
  if ('reply' in given) return given.reply;
  const day = dayOf(given, call.now);
  if (typeof day !== 'string') return day.reply;
  const sources = sourcesFor(door, call);
  const named = await systemNamed(sources, call, given);
  if (call.params.id !== undefined && !named) return notFound();
  const codings = codingsOf(given, 'url');
  if (codings.length === 0 || !codings[0]?.code)
    return badParameter(
      'code',
      '须给出 code、coding 或 codeableConcept',
      'A code, coding or codeableConcept must be given',
    ).reply;
  const messages: string[] = [];
  for (const coding of codings) {
    const url = named?.url ?? coding.system;
    if (url === undefined) return badParameter('url', '须给出代码系统', 'The code system must be named').reply;
    const view = await systemView(sources, url, named?.version ?? coding.version);
    if (!view) return unknownSystem(url);
    const found = codeIn(view, coding.code ?? '', day);
    const problem =
      coding.system !== undefined && coding.system !== url
        ? `代码不属于 ${url}。The coding is not of ${url}.`
        : problemOf(view, coding, day, found);
    if (problem === null && found)
      return parameters(
        { name: 'result', valueBoolean: true },
        { name: 'display', valueString: displayOf(found, given, call) },
        found.version !== undefined && { name: 'version', valueString: found.version },
      );
    messages.push(problem ?? '');
  }
  return parameters({ name: 'result', valueBoolean: false }, { name: 'message', valueString: messages.join(' ') });
}

/** CodeSystem/$subsumes: how code A lies to code B. */
export async function subsumes(door: FhirDoor, call: Call): Answer {
  const given = parametersOf(call, ['codeA', 'codeB', 'system', 'version', 'codingA', 'codingB']);
  if ('reply' in given) return given.reply;
  const sources = sourcesFor(door, call);
  const named = await systemNamed(sources, call, given);
  if (call.params.id !== undefined && !named) return notFound();
  const [a, b] = ['A', 'B'].map((letter): Coding => {
    const coding = given.all(`coding${letter}`)[0] as Coding | undefined;
    const code = given.text(`code${letter}`);
    return coding ?? (code === undefined ? {} : { code });
  }) as [Coding, Coding];
  const url = named?.url ?? a.system;
  if (!a.code || !b.code || url === undefined)
    return badParameter('codeA', '须给出 codeA、codeB 与 system', 'codeA, codeB and the system must be given').reply;
  if ((a.system ?? url) !== url || (b.system ?? url) !== url)
    return badParameter('codingB', '两个代码须属于同一系统', 'Both codes must be of one system').reply;
  const view = await systemView(sources, url, named?.version);
  if (!view) return unknownSystem(url);
  // A code that lies below a carried one has its place, although this platform does not carry it by name.
  for (const [name, { code = '' }] of [
    ['codeA', a],
    ['codeB', b],
  ] as const)
    if (!codeIn(view, code, 'any') && !view.ancestors(code).some((one) => codeIn(view, one, 'any')))
      return outcome(404, [
        issue(
          'not-found',
          name,
          `没有代码 ${code.slice(0, 64)}`,
          `The code ${code.slice(0, 64)} is not known in ${url.slice(0, 200)}`,
        ),
      ]);
  const relation =
    a.code === b.code
      ? 'equivalent'
      : view.ancestors(b.code).includes(a.code)
        ? 'subsumes'
        : view.ancestors(a.code).includes(b.code)
          ? 'subsumed-by'
          : 'not-subsumed';
  return parameters({ name: 'outcome', valueCode: relation });
}
