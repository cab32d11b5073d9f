import { keyText } from '../../key-text.ts';
import { compact } from '../compact.ts';
import { type Context, HEARSAY } from '../context.ts';
import type { Reference } from '../keys.ts';
import { at } from '../read/element.ts';
import { find, type Section, valueText } from '../read/statement.ts';
import type { Time } from '../read/time.ts';
import { roots, urn } from '../systems.ts';
import { diagnosesOf } from './diagnosis.ts';
import { organization, placesOf } from './people.ts';
import { itemsOf } from './result-items.ts';
import { type Results, results } from './results.ts';

/** What tells the two reports apart; everything else is the same. */
type Profile = {
  number: string;
  category: 'laboratory' | 'exam';
  service: { code: string; display: string };
  /** Report code when the items do not say what was examined. */
  loinc: { code: string; text: string };
  /** LOINC code or word of the sections that hold items. */
  items: [code: string, word: string];
  /** Word of the section with the reporter's words. */
  words: string;
};

const PROFILES: Record<'C0006' | 'C0007', Profile> = {
  C0006: {
    number: roots.examinationReport,
    category: 'exam',
    service: { code: 'RAD', display: 'Radiology' },
    loinc: { code: '18748-4', text: '检查报告' },
    items: ['29545-1', '体格检查'],
    words: '检查报告',
  },
  C0007: {
    number: roots.laboratoryReport,
    category: 'laboratory',
    service: { code: 'LAB', display: 'Laboratory' },
    loinc: { code: '11502-2', text: '检验报告' },
    items: ['30954-2', '实验室检查'],
    words: '检验报告',
  },
};

const LOINC = 'http://loinc.org';
const SERVICES = 'http://terminology.hl7.org/CodeSystem/v2-0074';
const ID_TYPES = 'http://terminology.hl7.org/CodeSystem/v2-0203';
/** 检验报告结果; 检查报告结果 in its objective and subjective half. */
const CONCLUSION = 'DE04.50.130.00';
const FINDINGS = 'DE04.50.131.00';
const IMPRESSION = 'DE04.50.132.00';

/** Examination report (C0006) and laboratory report (C0007) with their items, specimen, findings and the request behind them. */
export function report(
  context: Context,
  author: Reference | undefined,
  reviewer: Reference | undefined,
  issued: Time | undefined,
  made: Time | undefined,
): void {
  const profile = PROFILES[context.kind.code as 'C0006' | 'C0007'];
  const number = context.number(profile.number);
  const key = keyText(number || context.documentKey);
  const words = context.section('', profile.words);
  const wordParts = context.statements(words);
  const say = (code: string, label?: string): string => valueText(context.reading, find(wordParts, code, label));
  const subjective = say(IMPRESSION) || say(FINDINGS, '主观');
  const objective = find(wordParts, FINDINGS, '客观')
    ? say(FINDINGS, '客观')
    : find(wordParts, FINDINGS, '主观')
      ? ''
      : say(FINDINGS);
  const conclusion = subjective || say(CONCLUSION);
  const department = say('DE08.10.026.00');
  const institution = say('DE08.10.013.00');
  const place = [institution, department].filter((text) => text !== '').join(' ');
  const performer = [author, place === '' ? undefined : { display: place }].filter((one) => one !== undefined);
  const spoken = [find(wordParts, CONCLUSION), find(wordParts, IMPRESSION)].map((one) =>
    context.time(at(one?.element, 'effectiveTime')),
  );
  const said = issued ?? spoken.find((time) => time !== undefined) ?? made;
  const instant = said?.fhir.includes('T') ? said.fhir : undefined;
  const section = itemSection(context, profile);
  const specimenNumber = context.number(roots.specimen);
  const found = results(context, section, {
    report: key,
    category: profile.category,
    specimenNumber,
    performer,
    ...(instant ? { issued: instant } : {}),
  });
  const observations = [...found.observations];
  if (objective !== '') observations.push(findings(context, key, words, objective, found.effective, performer));
  const basedOn = request(context, key);
  const resource = {
    resourceType: 'DiagnosticReport',
    identifier:
      number === ''
        ? []
        : [{ type: { coding: [{ system: ID_TYPES, code: 'FILL' }] }, system: urn(profile.number), value: number }],
    basedOn: [basedOn],
    status: context.amended ? 'amended' : 'final',
    category: [compact({ coding: [{ system: SERVICES, ...profile.service }], text: found.category })],
    code: reportCode(profile, found),
    subject: context.subject,
    encounter: context.encounter,
    effectiveDateTime: found.effective ?? said?.fhir,
    issued: instant,
    performer,
    resultsInterpreter: reviewer ? [reviewer] : [],
    specimen: found.specimen ? [found.specimen] : [],
    result: observations,
    conclusion,
  };
  context.add(key, resource, words ? { section: words } : {});
}

/** A laboratory report is named by its panel or category, an examination by what was examined. */
function reportCode(profile: Profile, { concept, panel, category }: Results): unknown {
  const named = profile.category === 'exam' ? concept : panel;
  const coding = named?.coding ?? [{ system: LOINC, code: profile.loinc.code }];
  return { coding, text: named?.text ?? category ?? profile.loinc.text };
}

function itemSection(context: Context, profile: Profile): Section | undefined {
  const [code, word] = profile.items;
  const named = context.section(code, word);
  if (itemsOf(context.statements(named)).length > 0) return named;
  return context.sections.find((one) => itemsOf(context.statements(one)).length > 0) ?? named;
}

function findings(
  context: Context,
  key: string,
  section: Section | undefined,
  text: string,
  effective: string | undefined,
  performer: unknown[],
): { reference: string } {
  const resource = {
    resourceType: 'Observation',
    status: context.amended ? 'amended' : 'final',
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'exam' }] }],
    code: { coding: [{ system: LOINC, code: '59776-5' }], text: '检查所见' },
    subject: context.subject,
    encounter: context.encounter,
    effectiveDateTime: effective,
    performer,
    valueString: text,
  };
  return context.add(keyText(key, 'findings'), resource, section ? { section } : {});
}

/** The request: who asked, and for which diagnosis. The hospital's own order message knows more, so this only fills gaps. */
function request(context: Context, report: string): { reference: string } {
  const number = context.number(roots.request);
  const scoping = at(context.root, 'participant/associatedEntity/scopingOrganization');
  const places = placesOf(context, scoping);
  const institution = organization(context, places.get(roots.institution)?.element);
  const department = places.get(roots.department)?.name ?? '';
  const reasons = diagnosesOf(context, context.section('29548-5', '诊断')).map(({ concept }) => concept);
  const resource = {
    resourceType: 'ServiceRequest',
    identifier:
      number === ''
        ? []
        : [{ type: { coding: [{ system: ID_TYPES, code: 'PLAC' }] }, system: urn(roots.request), value: number }],
    status: 'completed',
    intent: 'order',
    subject: context.subject,
    encounter: context.encounter,
    requester: institution ?? (department === '' ? undefined : { display: department }),
    reasonCode: reasons,
    locationCode: institution && department !== '' ? [{ text: department }] : [],
  };
  const key = number === '' ? keyText('report', report) : keyText(number);
  return context.add(key, resource, { merge: 'elements', stamp: HEARSAY });
}
