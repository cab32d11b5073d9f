import { shippedTerminology } from '../../../core/terminology/index.ts';
import type { Resource } from '../../fact.ts';
import { keyText } from '../../key-text.ts';
import type { Context } from '../context.ts';
import { at, type XmlElement } from '../read/element.ts';
import { coded, find, markName, type Section, type Statement, valueText } from '../read/statement.ts';
import { type Coding, codings, oids, urn } from '../systems.ts';
import { codingsOf } from './concept.ts';
import { quantity, referenceRange } from './quantity.ts';
import { categoryOf, elements, type Item, itemsOf, specimenParts } from './result-items.ts';

const INTERPRETATION = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation';
const INTERPRETATIONS = new Set([
  'N',
  'A',
  'AA',
  'H',
  'HH',
  'L',
  'LL',
  'POS',
  'NEG',
  'IND',
  'S',
  'R',
  'I',
  'DET',
  'ND',
  'HU',
  'LU',
]);
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';

export type Results = {
  observations: { reference: string }[];
  specimen?: { reference: string };
  /** What was examined, for the report's own code: of the first item. */
  concept?: { coding?: Coding[]; text?: string };
  /** What was ordered as one: code of the group. */
  panel?: { coding?: Coding[]; text?: string };
  /** When the specimen was taken, else when the item was examined. */
  effective?: string;
  category?: string;
};

type Frame = {
  report: string;
  category: 'laboratory' | 'exam';
  specimenNumber: string;
  performer: unknown[];
  issued?: string;
};

/** Every item of a section as an Observation of the report, with its specimen. */
export function results(context: Context, section: Section | undefined, frame: Frame): Results {
  const statements = context.statements(section);
  const items = itemsOf(statements);
  const category = valueText(context.reading, categoryOf(statements));
  const method = valueText(context.reading, find(statements, elements.method));
  const taken = specimen(context, statements, items, frame.specimenNumber, frame.report);
  const seen = new Map<string, number>();
  const observations: { reference: string }[] = [];
  let first: Results['concept'];
  let panel: Results['concept'];
  // Where the category stands under the item's code it also tells when.
  let effective = taken?.collected ?? context.time(timeOf(categoryOf(statements)))?.fhir;
  // A group may hold thousands of items: its own time is read once.
  const groups = new Map<Statement, string | undefined>();
  const groupTime = (group: Statement | undefined): string | undefined => {
    if (!group) return undefined;
    if (!groups.has(group)) groups.set(group, context.time(timeOf(group))?.fhir);
    return groups.get(group);
  };
  for (const item of items) {
    const concept = itemConcept(context, item);
    const own = context.time(timeOf(item.item) ?? timeOf(item.name) ?? timeOf(item.quantity))?.fhir;
    const time = groupTime(item.group) ?? own;
    panel ??= panelOf(context, item.group);
    effective ??= time;
    first ??= concept;
    const outcome = value(context, item);
    if (concept.coding === undefined && concept.text === undefined) continue;
    const name = concept.coding?.[0]?.code ?? concept.text ?? '';
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    // The first item of an examination is what was examined; without a result of its own the report says all there is.
    if (frame.category === 'exam' && Object.keys(outcome).length === 0) continue;
    const resource: Resource = {
      resourceType: 'Observation',
      status: statusOf(context, item),
      category: [{ coding: [{ system: CATEGORY, code: frame.category }] }],
      code: concept,
      subject: context.subject,
      encounter: context.encounter,
      effectiveDateTime: taken?.collected ?? time,
      issued: frame.issued,
      performer: frame.performer,
      method: method === '' ? undefined : { text: method },
      specimen: taken?.reference,
      ...outcome,
    };
    observations.push(context.add(keyText(frame.report, name, String(nth)), resource, section ? { section } : {}));
  }
  return {
    observations,
    ...(taken ? { specimen: taken.reference } : {}),
    ...(first ? { concept: first } : {}),
    ...(panel ? { panel } : {}),
    ...(effective === undefined ? {} : { effective }),
    ...(category === '' ? {} : { category }),
  };
}

const STATES: Record<string, string> = {
  aborted: 'cancelled',
  cancelled: 'cancelled',
  nullified: 'entered-in-error',
  active: 'preliminary',
};

function statusOf(context: Context, { item, quantity }: Item): string {
  const stated = [item, quantity].map((one) => context.reading.attribute(at(one?.element, 'statusCode'), 'code'));
  const state = stated.map((code) => STATES[code]).find((one) => one !== undefined);
  return state ?? (context.amended ? 'amended' : 'final');
}

function panelOf(context: Context, group: Statement | undefined): Results['concept'] {
  const element = at(group?.element, 'code');
  const { code, system, display } = coded(context.reading, element);
  if (group) markName(context.reading, group);
  if (code === '') return display === '' ? undefined : { text: display };
  return {
    coding: codings(code, system, display, context.local('panels')),
    ...(display === '' ? {} : { text: display }),
  };
}

function plainConcept(context: Context, one: Statement): { coding?: Coding[]; text?: string } {
  const { coding, display } = codingsOf(context, at(one.element, 'code'), 'result-items');
  return { ...(coding.length > 0 ? { coding } : {}), ...(display === '' ? {} : { text: display }) };
}

function itemConcept(context: Context, { item, name, quantity, plain }: Item): { coding?: Coding[]; text?: string } {
  if (plain && quantity) return plainConcept(context, quantity);
  if (item) markName(context.reading, item);
  const element = at(item?.element, 'value');
  const { coding, display } = codingsOf(context, element, 'result-items');
  const written = coding.length > 0 ? '' : context.reading.text(element);
  const list = written === '' ? coding : codings(written, '', '', context.local('result-items'));
  const text = valueText(context.reading, name) || display;
  return { ...(list.length > 0 ? { coding: list } : {}), ...(text === '' ? {} : { text }) };
}

/** `value[x]`, interpretation and reference range of one item; {} when it has no result. */
function value(context: Context, item: Item): Record<string, unknown> {
  const { reading } = context;
  const element = at(item.quantity?.element, 'value');
  const unit = valueText(reading, item.unit) || reading.attribute(element, 'unit');
  const written = isCoded(element) ? '' : valueText(reading, item.quantity);
  const text = written || valueText(reading, item.resultText);
  const number = quantity(text, unit);
  const code = resultCode(context, item.resultCode) ?? codedValue(context, item);
  if (element && number?.unit !== undefined && number.code === undefined) context.report('cda.unknown-unit', element);
  const isNumeric = /REAL|PQ|INT/.test(element?.attributes.get('xsi:type') ?? '');
  if (element && text !== '' && !number && isNumeric) context.report('cda.bad-number', element);
  const range = [item.quantity, item.item].flatMap((one) => referenceRange(context, one?.element, unit));
  const stated = stateInterpretation(context, item);
  const interpretation = stated ?? code?.interpretation;
  const result = number
    ? { valueQuantity: number }
    : text !== ''
      ? { valueString: unit === '' ? text : `${text} ${unit}` }
      : code
        ? { valueCodeableConcept: code.concept }
        : undefined;
  if (!result) return {};
  return {
    ...result,
    ...(interpretation ? { interpretation: [{ coding: [{ system: INTERPRETATION, code: interpretation }] }] } : {}),
    ...(range.length > 0 ? { referenceRange: range } : {}),
  };
}

const isCoded = (element: XmlElement | undefined): boolean =>
  /^C[DEVS]$/.test(element?.attributes.get('xsi:type') ?? '');

function codedValue(
  context: Context,
  { quantity: one }: Item,
): { concept: unknown; interpretation?: string } | undefined {
  const element = at(one?.element, 'value');
  if (!isCoded(element)) return undefined;
  const { code, system, display } = coded(context.reading, element);
  if (code === '' && display === '') return undefined;
  const list = code === '' ? {} : { coding: codings(code, system, display, context.local('results')) };
  return { concept: { ...list, ...(display === '' ? {} : { text: display }) } };
}

function resultCode(
  context: Context,
  one: Statement | undefined,
): { concept: unknown; interpretation?: string } | undefined {
  if (!one) return undefined;
  markName(context.reading, one);
  const element = at(one.element, 'value');
  const { code, display } = coded(context.reading, element);
  if (!element || code === '') return undefined;
  const terminology = shippedTerminology();
  const name = display || terminology.display(urn(oids.resultCode), code, 'zh') || '';
  const interpretation = terminology.translate('', urn(oids.resultCode), code)[0]?.code;
  if (interpretation === undefined) context.report('cda.unknown-code', element, oids.resultCode);
  const concept = { coding: [{ system: urn(oids.resultCode), code, ...(name === '' ? {} : { display: name }) }] };
  return { concept, ...(interpretation === undefined ? {} : { interpretation }) };
}

function stateInterpretation(context: Context, item: Item): string | undefined {
  for (const one of [item.quantity, item.item]) {
    const element = at(one?.element, 'interpretationCode');
    const { code } = coded(context.reading, element);
    if (!element || code === '') continue;
    if (INTERPRETATIONS.has(code.toUpperCase())) return code.toUpperCase();
    context.report('cda.unknown-code', element, 'ObservationInterpretation');
  }
  return undefined;
}

function specimen(
  context: Context,
  statements: readonly Statement[],
  items: Item[],
  number: string,
  report: string,
): { reference: { reference: string }; collected?: string } | undefined {
  const { type, state } = specimenParts(statements, items);
  const { reading } = context;
  if (type) markName(reading, type);
  const element = at(type?.element, 'value');
  const { code, system, display } = coded(reading, element);
  const text = reading.text(element) || display;
  const collected = context.time(at(type?.element, 'effectiveTime/low') ?? at(type?.element, 'effectiveTime'))?.fhir;
  const received = context.time(at(type?.element, 'effectiveTime/high'))?.fhir;
  const condition = valueText(reading, state);
  if (number === '' && text === '' && code === '' && collected === undefined) return undefined;
  const list = code === '' ? undefined : codings(code, system, display, context.local('specimens'));
  const resource: Resource = {
    resourceType: 'Specimen',
    identifier: number === '' ? [] : [{ system: urn('2.16.156.10011.1.14'), value: number }],
    type: text === '' && !list ? undefined : { ...(list ? { coding: list } : {}), ...(text === '' ? {} : { text }) },
    subject: context.subject,
    receivedTime: received,
    collection: collected === undefined ? undefined : { collectedDateTime: collected },
    condition: condition === '' ? [] : [{ text: condition }],
  };
  return {
    reference: context.add(keyText(number || report), resource),
    ...(collected === undefined ? {} : { collected }),
  };
}

function timeOf(one: Statement | undefined): XmlElement | undefined {
  return at(one?.element, 'effectiveTime/low') ?? at(one?.element, 'effectiveTime');
}
