import type { Resource } from '../../fact.ts';
import { elements } from '../mapping/result-items.ts';
import { writeTime } from '../read/time.ts';
import { type Bag, type Concept, conceptValue, firstOf, type Reference } from './bag.ts';
import { cluster, element, entry, interval, part, section, text } from './statement.ts';
import { headOf, said, type Words, wordsOf } from './words.ts';
import { type Node, node } from './xml.ts';

type Quantity = { value?: number; comparator?: string; unit?: string; code?: string };
type Range = { low?: Quantity; high?: Quantity; text?: string };

/** Sections of C0006 and C0007 from the report, its observations, specimen and request. */
export function reportBody(code: 'C0006' | 'C0007', bag: Bag): Node[] {
  const report = bag.first('DiagnosticReport');
  const request = bag.follow(firstOf<Reference>(report?.basedOn));
  const words = wordsOf(bag.first('Composition'));
  const profile =
    code === 'C0007' ? { items: '30954-2', report: '检验报告' } : { items: '29545-1', report: '检查报告' };
  const reasons = ((request?.reasonCode ?? []) as Concept[]).map(reason);
  const build = (one: Words): Node => {
    if (one.code === DIAGNOSES) return section(DIAGNOSES, '诊断', [...said(one), ...reasons], headOf(one));
    if (one.code === profile.items)
      return code === 'C0007' ? laboratory(report, bag, one) : examination(report, bag, one);
    if (one.title === profile.report) return conclusions(code, report, bag, one);
    return section(one.code, one.title, said(one), headOf(one, one.title));
  };
  const blank = (loinc: string, title: string): Words[] =>
    words.some((one) => (loinc === '' ? one.title === title : one.code === loinc))
      ? []
      : [{ code: loinc, title, elements: [] }];
  // The order of the Composition, with what every report of its kind has in addition.
  const order = [...blank(DIAGNOSES, ''), ...words, ...blank(profile.items, ''), ...blank('', profile.report)];
  return order.map(build);
}

const DIAGNOSES = '29548-5';

function reason(concept: Concept): Node {
  const named = concept.text === undefined ? undefined : element('DE05.01.025.00', '诊断名称', text(concept.text));
  const coded = concept.coding
    ? element('DE05.01.024.00', '诊断代码', conceptValue('value', concept, true))
    : undefined;
  return cluster([named, coded].filter((one) => one !== undefined));
}

function frame(report: Resource | undefined, observations: Resource[], category: string, method: string): Node[] {
  const group = firstOf<Concept>(report?.category)?.text;
  const way = (observations.find((one) => one.method)?.method as Concept | undefined)?.text;
  return [
    ...(way === undefined ? [] : [entry(element(elements.method, method, text(way)))]),
    ...(group === undefined ? [] : [entry(element(elements.category, category, text(group)))]),
  ];
}

function laboratory(report: Resource | undefined, bag: Bag, words: Words): Node {
  const observations = resultsOf(report, bag);
  const specimen = bag.follow(firstOf<Reference>(report?.specimen));
  const items = observations.map((one, index) =>
    item(one, index === 0 ? specimen : undefined, index === 0 ? panelOf(report) : undefined),
  );
  // A report that only has a conclusion still says what its specimen was.
  const alone =
    observations.length === 0 && specimen
      ? [cluster([element(elements.itemCode, '检验项目代码', specimenParts(specimen))])]
      : [];
  return section(
    '30954-2',
    '实验室检查',
    [...said(words), ...frame(report, observations, '检验类别', '检验方法名称'), ...items, ...alone],
    headOf(words),
  );
}

/** What was ordered as one; a report that is only named by its category has none. */
function panelOf(report: Resource | undefined): Node | undefined {
  const concept = report?.code as Concept | undefined;
  const coding = concept?.coding?.[0];
  if (!coding || (coding.code === '11502-2' && concept.text === firstOf<Concept>(report?.category)?.text))
    return undefined;
  if (coding.code === '11502-2')
    return concept.text === undefined || concept.text === '检验报告'
      ? undefined
      : node('code', { displayName: concept.text });
  return conceptValue(
    'code',
    { ...concept, coding: [{ ...coding, ...(concept.text === undefined ? {} : { display: concept.text }) }] },
    false,
  );
}

function examination(report: Resource | undefined, bag: Bag, words: Words): Node {
  const observations = resultsOf(report, bag).filter((one) => !isFinding(one));
  const specimen = bag.follow(firstOf<Reference>(report?.specimen));
  const code = report?.code as Concept | undefined;
  const same =
    observations[0] && JSON.stringify((observations[0].code as Concept).coding) === JSON.stringify(code?.coding);
  const general = code?.coding?.[0]?.code === '18748-4';
  // Named only in words, or only by its category.
  const unnamed =
    general &&
    (code?.text === undefined || code.text === '检查报告' || code.text === firstOf<Concept>(report?.category)?.text);
  const named = general ? { text: code?.text } : code;
  const bare: Resource[] =
    same || unnamed ? [] : [{ resourceType: 'Observation', code: named, effectiveDateTime: report?.effectiveDateTime }];
  const items = [...bare, ...observations].map((one, index) => item(one, index === 0 ? specimen : undefined));
  return section(
    '29545-1',
    '体格检查',
    [...said(words), ...frame(report, observations, '检查类别', '检查方法名称'), ...items],
    headOf(words),
  );
}

const isFinding = ({ code }: Resource): boolean => (code as Concept | undefined)?.coding?.[0]?.code === '59776-5';

function resultsOf(report: Resource | undefined, bag: Bag): Resource[] {
  return ((report?.result ?? []) as Reference[]).map((one) => bag.follow(one)).filter((one) => one !== undefined);
}

function item(observation: Resource, specimen: Resource | undefined, panel?: Node): Node {
  const concept = observation.code as Concept | undefined;
  const at = observation.effectiveDateTime;
  const taken =
    specimen && ((specimen.collection as { collectedDateTime?: string } | undefined)?.collectedDateTime ?? '') !== '';
  const time = typeof at === 'string' && !taken ? node('effectiveTime', { value: writeTime(at) }) : undefined;
  const under = [time, specimen && specimenParts(specimen)];
  const words = concept?.text;
  if (!concept?.coding)
    return cluster(
      [element(elements.itemName, '检验项目名称', under, text(words ?? '')), ...outcome(observation)],
      panel,
    );
  const name = element(elements.itemCode, '检验项目代码', time, conceptValue('value', concept, true), under.slice(1));
  const named = words === undefined ? [] : [element(elements.itemName, '检验项目名称', text(words))];
  return cluster([name, ...named, ...outcome(observation)], panel);
}

function specimenParts(specimen: Resource): Node[] {
  const type = specimen.type as Concept | undefined;
  const collected = (specimen.collection as { collectedDateTime?: string } | undefined)?.collectedDateTime;
  const received = specimen.receivedTime as string | undefined;
  const state = firstOf<Concept>(specimen.condition)?.text;
  const value = type?.coding ? conceptValue('value', type, true) : text(type?.text ?? '');
  return [
    part(element(elements.specimenType, '标本类别', interval(writeTime(collected), writeTime(received)), value)),
    ...(state === undefined ? [] : [part(element(elements.specimenState, '标本状态', text(state)))]),
  ];
}

function outcome(observation: Resource): Node[] {
  const interpretation = firstOf<Concept>(observation.interpretation)?.coding?.[0]?.code;
  const flag =
    interpretation === undefined
      ? undefined
      : node('interpretationCode', { code: interpretation, codeSystem: '2.16.840.1.113883.5.83' });
  const range = referenceRange(firstOf<Range>(observation.referenceRange));
  const coded = observation.valueCodeableConcept as Concept | undefined;
  const quantity = observation.valueQuantity as Quantity | undefined;
  const written = observation.valueString as string | undefined;
  const result = coded ? [element(elements.resultCode, '检验结果代码', conceptValue('value', coded, true))] : [];
  if (!quantity && written === undefined) return result;
  const exact = quantity && quantity.comparator === undefined;
  const value = exact
    ? node('value', { 'xsi:type': 'REAL', value: String(quantity.value) })
    : text(quantity ? `${quantity.comparator ?? ''}${quantity.value}` : (written ?? ''));
  const unit = quantity?.unit ?? quantity?.code;
  const unitPart = unit === undefined ? undefined : part(element(elements.unit, '检查定量结果计量单位', text(unit)));
  return [...result, element(elements.quantity, '检验定量结果', value, flag, range, unitPart)];
}

function referenceRange(range: Range | undefined): Node | undefined {
  if (!range) return undefined;
  const limit = (name: string, value: Quantity | undefined): Node | undefined =>
    value && node(name, { value: `${value.comparator ?? ''}${value.value}`, unit: value.unit });
  const limits = [limit('low', range.low), limit('high', range.high)].filter((one) => one !== undefined);
  const interval = limits.length === 0 ? undefined : node('value', { 'xsi:type': 'IVL_PQ' }, limits);
  return node(
    'referenceRange',
    {},
    node('observationRange', {}, range.text !== undefined && node('text', {}, range.text), interval),
  );
}

function conclusions(code: 'C0006' | 'C0007', report: Resource | undefined, bag: Bag, own: Words): Node {
  const conclusion = report?.conclusion as string | undefined;
  const finding = resultsOf(report, bag).find(isFinding)?.valueString as string | undefined;
  const place = ((report?.performer ?? []) as Reference[]).find(
    ({ reference }, index) => reference === undefined && (index > 0 || bag.first('Composition')?.author === undefined),
  )?.display;
  const word = code === 'C0007' ? '检验报告' : '检查报告';
  const said =
    code === 'C0007'
      ? element('DE04.50.130.00', '检验报告结果', text(conclusion ?? ''))
      : element('DE04.50.132.00', '检查报告结果-主观提示', text(conclusion ?? ''));
  const content = [
    ...(code === 'C0006' && finding !== undefined
      ? [element('DE04.50.131.00', '检查报告结果-客观所见', text(finding))]
      : []),
    ...(conclusion === undefined ? [] : [said]),
    ...(place === undefined ? [] : [element('DE08.10.013.00', `${word}机构名称`, text(place))]),
    ...own.elements.map(([de, label, value]) => element(de, label, text(value))),
  ];
  return section(own.code, word, content.map(entry), headOf(own, word));
}
