import type { Resource } from '../../fact.ts';
import { writeTime } from '../read/time.ts';
import { displayOf, oids, roots } from '../systems.ts';
import { type Bag, type Concept, conceptValue, firstOf, type Period, type Reference } from './bag.ts';
import { staff } from './header.ts';
import { medicine } from './medicine.ts';
import { cluster, element, entry, interval, section, text } from './statement.ts';
import { headOf, said, type Words, wordsOf } from './words.ts';
import { type Node, node } from './xml.ts';

/** Sections that every outpatient record has; those without content stand empty, as the template wants them. */
const SECTIONS = ['48765-2', '10154-3', '10164-2', '11348-0', '29545-1', '30954-2', '29548-5', '18776-5', '46209-3'];

const VITAL_SIGNS = '8716-3';

/** Sections of C0002 from the Composition's words, the diagnoses, the vital signs and the orders. */
export function visitBody(bag: Bag): Node[] {
  const words = wordsOf(bag.first('Composition'));
  const missing = SECTIONS.filter((code) => words.every((one) => one.code !== code));
  const known = words.map((one) => sectionOf(one, [...said(one), ...complaint(one, bag)]));
  return [...known, ...missing.map((code) => sectionOf({ code, title: '', elements: [] }, defaults(code, bag)))];

  function sectionOf(one: Words, content: Node[]): Node {
    const label = displayOf('http://loinc.org', one.code) || one.title;
    // Vital signs stand in a section of their own where the record has one.
    const signs = words.some(({ code }) => code === VITAL_SIGNS) ? VITAL_SIGNS : '29545-1';
    const more = one.code === signs ? bag.all('Observation').flatMap(vitalSign) : entries(one.code, bag);
    return section(one.code, label, [...content, ...more], headOf(one, label));
  }
}

/** The complaint is a fact of the visit, also where the author's text already says it. */
function complaint({ code, elements }: Words, bag: Bag): Node[] {
  return code === '10154-3' && elements.length === 0 ? defaults(code, bag) : [];
}

/** Without a Composition the visit and the allergies say what they can. */
function defaults(code: string, bag: Bag): Node[] {
  if (code === '10154-3') {
    const complaint = firstOf<Concept>(bag.first('Encounter')?.reasonCode)?.text;
    return complaint === undefined ? [] : [entry(element('DE04.01.119.00', '主诉', text(complaint)))];
  }
  if (code !== '48765-2') return [];
  const allergies = bag
    .all('AllergyIntolerance')
    .map(({ code: concept }) => (concept as Concept | undefined)?.text ?? '');
  return allergies.filter((name) => name !== '').map((name) => entry(element('DE05.01.022.00', '过敏史', text(name))));
}

function entries(code: string, bag: Bag): Node[] {
  if (code === '29548-5') return bag.all('Condition').map(diagnosis);
  if (code === '46209-3')
    return bag
      .all('MedicationRequest', 'ServiceRequest')
      .map((one) =>
        one.dosageInstruction || one.dispenseRequest ? (medicine(one) ?? order(one, bag)) : order(one, bag),
      );
  return [];
}

function diagnosis(condition: Resource): Node {
  const concept = condition.code as Concept | undefined;
  const kinds = ((condition.category ?? []) as Concept[]).map(({ coding }) => coding?.[0]?.code);
  const provisional =
    (condition.verificationStatus as Concept | undefined)?.coding?.[0]?.code === 'provisional' ? '初步诊断-' : '';
  const chinese = kinds.includes('tcm-pattern') ? '中医证候' : kinds.includes('tcm-disease') ? '中医病名' : undefined;
  const [name, code] =
    chinese === undefined ? ['DE05.01.025.00', 'DE05.01.024.00'] : ['DE05.10.172.00', 'DE05.10.130.00'];
  const label = `${provisional}${chinese ?? '诊断'}`;
  const at = condition.recordedDate;
  const time = typeof at === 'string' ? node('effectiveTime', { value: writeTime(at) }) : undefined;
  const named =
    concept?.text === undefined
      ? []
      : [element(name!, `${label}名称`, concept.coding ? undefined : time, text(concept.text))];
  const coding = concept?.coding ? [element(code!, `${label}代码`, time, conceptValue('value', concept, true))] : [];
  return cluster([...named, ...coding]);
}

type Quantity = { value?: number; unit?: string };
const SIGNS: Record<string, [code: string, label: string]> = {
  '8310-5': ['DE04.10.186.00', '体温'],
  '8867-4': ['DE04.10.118.00', '脉率'],
  '9279-1': ['DE04.10.082.00', '呼吸频率'],
  '8480-6': ['DE04.10.174.00', '收缩压'],
  '8462-4': ['DE04.10.176.00', '舒张压'],
  '29463-7': ['DE04.10.188.00', '体重'],
  '8302-2': ['DE04.10.167.00', '身高'],
};

function vitalSign(observation: Resource): Node[] {
  const parts = (observation.component ?? [observation]) as { code?: Concept; valueQuantity?: Quantity }[];
  const at = observation.effectiveDateTime;
  return parts.flatMap(({ code, valueQuantity }) => {
    const sign = SIGNS[code?.coding?.[0]?.code ?? ''];
    if (!sign || valueQuantity?.value === undefined) return [];
    const time = typeof at === 'string' ? node('effectiveTime', { value: writeTime(at) }) : undefined;
    return [
      entry(
        element(
          sign[0],
          sign[1],
          time,
          node('value', { 'xsi:type': 'PQ', value: String(valueQuantity.value), unit: valueQuantity.unit }),
        ),
      ),
    ];
  });
}

function order(request: Resource, bag: Bag): Node {
  const medicine = request.resourceType === 'MedicationRequest';
  const content = ((medicine ? request.medicationCodeableConcept : request.code) as Concept | undefined)?.text ?? '';
  const kind = firstOf<Concept>(request.category)?.coding?.[0];
  const type = medicine ? { code: '01', display: '药品类医嘱' } : kind;
  const dosage = firstOf<{ timing?: { repeat?: { boundsPeriod?: Period } } }>(request.dosageInstruction)?.timing?.repeat
    ?.boundsPeriod;
  const { start, end } = (medicine ? dosage : (request.occurrencePeriod as Period | undefined)) ?? {};
  const by = request.requester as Reference | undefined;
  const authored = request.authoredOn as string | undefined;
  const written =
    by || authored
      ? node(
          'author',
          {},
          node('time', authored === undefined ? {} : { value: writeTime(authored) }),
          node('assignedAuthor', {}, staff(by, bag, roots.staff)),
        )
      : undefined;
  const note = firstOf<{ text?: string }>(request.note)?.text;
  const stopped = request.status === 'stopped' || request.status === 'revoked';
  const under = (code: string, label: string, value: string): Node =>
    node('entryRelationship', { typeCode: 'COMP' }, element(code, label, text(value)));
  const typed =
    type === undefined
      ? []
      : [
          element(
            'DE06.00.289.00',
            '医嘱项目类型',
            node('value', {
              'xsi:type': 'CD',
              code: type.code,
              codeSystem: oids.orderType,
              codeSystemName: '医嘱项目类型代码表',
              displayName: type.display,
            }),
          ),
        ];
  const said = element(
    'DE06.00.288.00',
    '医嘱项目内容',
    interval(writeTime(start), writeTime(end)),
    text(content),
    written,
    note !== undefined && under('DE06.00.179.00', '医嘱备注信息', note),
    stopped && under('DE06.00.290.00', '医嘱执行状态', '已取消'),
  );
  return cluster([...typed, said]);
}
