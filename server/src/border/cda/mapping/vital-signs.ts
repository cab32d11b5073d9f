import { systems } from '@hutong/contract/systems.ts';
import { shippedTerminology } from '../../../core/terminology/index.ts';
import { keyText } from '../../key-text.ts';
import type { Context } from '../context.ts';
import { at } from '../read/element.ts';
import { find, type Section, type Statement, valueText } from '../read/statement.ts';
import { quantity } from './quantity.ts';

/** Measured data elements of the physical examination (WS 363.5) and the LOINC code and unit they mean. */
const SIGNS: Record<string, { loinc: string; unit: string }> = {
  'DE04.10.186.00': { loinc: '8310-5', unit: 'Cel' },
  'DE04.10.118.00': { loinc: '8867-4', unit: '/min' },
  'DE04.10.206.00': { loinc: '8867-4', unit: '/min' },
  'DE04.10.082.00': { loinc: '9279-1', unit: '/min' },
  'DE04.10.081.00': { loinc: '9279-1', unit: '/min' },
  'DE04.10.174.00': { loinc: '8480-6', unit: 'mm[Hg]' },
  'DE04.10.176.00': { loinc: '8462-4', unit: 'mm[Hg]' },
  'DE04.10.188.00': { loinc: '29463-7', unit: 'kg' },
  'DE04.10.167.00': { loinc: '8302-2', unit: 'cm' },
};
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';

type Sign = { loinc: string; value: ReturnType<typeof quantity>; time?: string };

/** Vital signs anywhere in the document. The two blood pressures are one Observation with components, as FHIR wants them. */
export function vitalSigns(context: Context, at_: string | undefined): void {
  const found = new Map<string, Sign & { section: Section }>();
  for (const section of context.sections) {
    for (const [code, { loinc, unit }] of Object.entries(SIGNS)) {
      const one = find(context.statements(section), code);
      if (!one || found.has(loinc)) continue;
      const sign = read(context, one, loinc, unit);
      if (sign) found.set(loinc, { ...sign, section });
    }
  }
  const systolic = found.get('8480-6');
  const diastolic = found.get('8462-4');
  const visit = context.visit || context.documentKey;
  for (const [loinc, sign] of found) {
    if (systolic && diastolic && (sign === systolic || sign === diastolic)) continue;
    add(context, visit, loinc, sign, at_, { valueQuantity: sign.value });
  }
  if (systolic && diastolic) {
    const component = [systolic, diastolic].map(({ loinc, value }) => ({
      code: { coding: [coding(loinc)] },
      valueQuantity: value,
    }));
    add(context, visit, '85354-9', systolic, at_, { component });
  }
}

function read(context: Context, one: Statement, loinc: string, unit: string): Sign | undefined {
  const text = valueText(context.reading, one);
  const element = at(one.element, 'value');
  const value = quantity(text, context.reading.attribute(element, 'unit') || unit);
  if (!value) {
    if (element && text !== '') context.report('cda.bad-number', element);
    return undefined;
  }
  const time = context.time(at(one.element, 'effectiveTime'))?.fhir;
  return { loinc, value, ...(time === undefined ? {} : { time }) };
}

function add(
  context: Context,
  visit: string,
  loinc: string,
  sign: Sign & { section: Section },
  seen: string | undefined,
  content: Record<string, unknown>,
): void {
  const resource = {
    resourceType: 'Observation',
    status: context.amended ? 'amended' : 'final',
    category: [{ coding: [{ system: CATEGORY, code: 'vital-signs' }] }],
    code: { coding: [coding(loinc)] },
    subject: context.subject,
    encounter: context.encounter,
    effectiveDateTime: sign.time ?? seen,
    ...content,
  };
  context.add(keyText(visit, loinc), resource, { section: sign.section });
}

function coding(loinc: string): { system: string; code: string; display?: string } {
  const display = shippedTerminology().display(systems.loinc, loinc, 'en');
  return { system: systems.loinc, code: loinc, ...(display === undefined ? {} : { display }) };
}
