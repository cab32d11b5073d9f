import { keyText } from '../../key-text.ts';
import { compact } from '../compact.ts';
import type { Context } from '../context.ts';
import { at, type XmlElement } from '../read/element.ts';
import { coded, markName, type Section, type Statement, valueText } from '../read/statement.ts';
import type { Time } from '../read/time.ts';
import { type Coding, codings } from '../systems.ts';
import { organization } from './people.ts';

/** Data elements that together tell one diagnosis. */
const WESTERN = { name: 'DE05.01.025.00', code: 'DE05.01.024.00' };
const CHINESE = { name: 'DE05.10.172.00', code: 'DE05.10.130.00' };
const DATE = 'DE05.01.058.00';
const MINE = new Set<string>([WESTERN.name, WESTERN.code, CHINESE.name, CHINESE.code, DATE]);

export type Diagnosis = {
  concept: { coding: Coding[]; text?: string };
  date?: Time;
  /** 'tcm-disease' (病名) and 'tcm-pattern' (证候) of a Chinese medicine diagnosis. */
  kind: 'western' | 'tcm-disease' | 'tcm-pattern';
  preliminary: boolean;
};

/** Diagnoses of a section. A group (`organizer`) tells one; loose name and code entries pair up in their order. */
export function diagnosesOf(context: Context, section: Section | undefined): Diagnosis[] {
  const loose: Statement[] = [];
  const groups: Statement[][] = [];
  for (const one of context.statements(section)) {
    const parts = one.parts.filter(({ code }) => MINE.has(code));
    if (parts.length > 0) groups.push(parts);
    else if (MINE.has(one.code)) loose.push(one);
  }
  for (const one of loose) {
    const last = groups.at(-1);
    const fits =
      last?.every(({ code }) => code !== one.code) &&
      last.every((other) => loose.includes(other) && sameTradition(one, other));
    if (last && fits) last.push(one);
    else groups.push([one]);
  }
  return groups.flatMap((group) => diagnosis(context, group));
}

const sameTradition = (a: Statement, b: Statement): boolean =>
  a.code.startsWith('DE05.10') === b.code.startsWith('DE05.10');

function diagnosis(context: Context, group: Statement[]): Diagnosis[] {
  const { reading } = context;
  const named = group.find(({ code }) => code === WESTERN.name || code === CHINESE.name);
  const codeOf = group.find(({ code }) => code === WESTERN.code || code === CHINESE.code);
  for (const one of group) markName(reading, one);
  const name = valueText(reading, named);
  const value = at(codeOf?.element, 'value');
  const { code, system, display } = coded(reading, value);
  const label = name || display || (code === '' ? reading.text(value) : '');
  if (code === '' && label === '') return [];
  const dated = group.find((one) => one.code === DATE);
  const date =
    context.time(dated ? at(dated.element, 'value') : undefined) ??
    context.time(timeOf(codeOf)) ??
    context.time(timeOf(named));
  for (const one of group) organization(context, at(one.element, 'performer/assignedEntity/representedOrganization'));
  const words = group.map((one) => one.label).join(' ');
  const chinese = group.some((one) => one.code.startsWith('DE05.10'));
  return [
    {
      concept: compact({
        coding: code === '' ? [] : codings(code, system, display || name, context.local('diagnoses')),
        text: label,
      }) as Diagnosis['concept'],
      ...(date ? { date } : {}),
      kind: chinese ? (words.includes('证候') ? 'tcm-pattern' : 'tcm-disease') : 'western',
      preliminary: /初步|疑似/.test(words),
    },
  ];
}

function timeOf(one: Statement | undefined): XmlElement | undefined {
  return at(one?.element, 'effectiveTime/low') ?? at(one?.element, 'effectiveTime');
}

const CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
const VERIFICATION = 'http://terminology.hl7.org/CodeSystem/condition-ver-status';
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/condition-category';

/** Diagnoses of the treating doctor as Conditions, one per visit and code. */
export function conditions(
  context: Context,
  section: Section | undefined,
  recorder: unknown,
  recordedAt: Time | undefined,
): { reference: string }[] {
  if (!section) return [];
  return diagnosesOf(context, section).map(({ concept, date, kind, preliminary }) => {
    const code = concept.coding?.[0]?.code ?? concept.text ?? '';
    const traditional = kind === 'western' ? [] : [{ coding: [{ system: 'urn:hutong:condition-kind', code: kind }] }];
    const resource = {
      resourceType: 'Condition',
      clinicalStatus: { coding: [{ system: CLINICAL, code: 'active' }] },
      verificationStatus: { coding: [{ system: VERIFICATION, code: preliminary ? 'provisional' : 'confirmed' }] },
      category: [{ coding: [{ system: CATEGORY, code: 'encounter-diagnosis' }] }, ...traditional],
      code: concept,
      subject: context.subject,
      encounter: context.encounter,
      recordedDate: (date ?? recordedAt)?.fhir,
      recorder,
    };
    return context.add(keyText(context.visit || context.documentKey, kind === 'western' ? '' : kind, code), resource, {
      section,
    });
  });
}
