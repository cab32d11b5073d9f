import { compact } from '../compact.ts';
import type { Context } from '../context.ts';
import { keyText, type Reference } from '../keys.ts';
import { at } from '../read/element.ts';
import { coded, find, type Section, type Statement, valueText } from '../read/statement.ts';
import type { Time } from '../read/time.ts';
import { codings, oids, roots, urn } from '../systems.ts';
import { diagnosesOf } from './diagnosis.ts';
import { unitOf } from './quantity.ts';

const SPECIFICATION = 'DE08.50.043.00';
const TOTAL = 'DE06.00.135.00';
const DAYS = 'DE06.00.294.00';

/** Western prescription (C0004): one MedicationRequest per medicine, all in one group. */
export function prescription(context: Context, prescriber: Reference | undefined, prescribed: Time | undefined): void {
  const { reading } = context;
  const number = context.number(roots.prescription);
  const section = context.section('10160-0', '用药');
  const statements = context.statements(section);
  const reasons = diagnosesOf(context, context.section('29548-5', '诊断')).map(({ concept }) => concept);
  const days = find(statements, DAYS);
  const validDays = Number(valueText(reading, days));
  reading.attribute(at(days?.element, 'value'), 'unit');
  const frame = {
    groupIdentifier: number === '' ? undefined : { system: urn(roots.prescription), value: number },
    subject: context.subject,
    encounter: context.encounter,
    authoredOn: prescribed?.fhir,
    requester: prescriber,
    reasonCode: reasons,
  };
  const medicines = statements.filter(({ element }) => element.name === 'substanceAdministration');
  for (const [index, one] of medicines.entries())
    medicine(context, section, one, index + 1, frame, number, Number.isInteger(validDays) ? validDays : 0);
}

function medicine(
  context: Context,
  section: Section | undefined,
  one: Statement,
  position: number,
  frame: Record<string, unknown>,
  number: string,
  days: number,
): void {
  const { reading } = context;
  const { element } = one;
  const drug = at(element, 'consumable/manufacturedProduct/manufacturedLabeledDrug');
  const named = coded(reading, at(drug, 'code'));
  const name = reading.text(at(drug, 'name')) || named.display;
  if (name === '' && named.code === '') return;
  const route = coded(reading, at(element, 'routeCode'));
  const form = coded(reading, at(element, 'administrationUnitCode'));
  const specification = valueText(reading, find(one.parts, SPECIFICATION));
  const amount = (path: string): Record<string, unknown> => {
    const found = at(element, path);
    const text = reading.attribute(found, 'value');
    return text === '' || !Number.isFinite(Number(text))
      ? {}
      : { value: Number(text), ...unitOf(reading.attribute(found, 'unit')) };
  };
  const dose = amount('doseQuantity');
  const frequency = [
    reading.attribute(at(element, 'rateQuantity'), 'value'),
    reading.attribute(at(element, 'rateQuantity'), 'unit'),
  ]
    .join(' ')
    .trim();
  const total = find(one.parts, TOTAL);
  const totalValue = valueText(reading, total);
  const totalUnit = reading.attribute(at(total?.element, 'value'), 'unit');
  const quantity =
    totalValue === '' || !Number.isFinite(Number(totalValue))
      ? undefined
      : { value: Number(totalValue), ...unitOf(totalUnit) };
  const text = [reading.text(at(element, 'text')), form.display, specification].filter((part) => part !== '').join(' ');
  const routed =
    route.code === ''
      ? undefined
      : { coding: [compact({ system: urn(oids.route), code: route.code, display: route.display })] };
  const resource = {
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    ...frame,
    medicationCodeableConcept: compact({
      coding: named.code === '' ? [] : codings(named.code, named.system, named.display, context.local('medicines')),
      text: name,
    }),
    dosageInstruction: [
      compact({
        text,
        timing: frequency === '' ? undefined : { code: { text: frequency } },
        route: routed,
        doseAndRate: Object.keys(dose).length === 0 ? [] : [{ doseQuantity: dose }],
      }),
    ].filter((dosage) => Object.keys(dosage).length > 0),
    dispenseRequest: compact({
      quantity,
      expectedSupplyDuration:
        days > 0 ? { value: days, unit: 'd', system: 'http://unitsofmeasure.org', code: 'd' } : undefined,
    }),
  };
  context.add(
    keyText(number || context.documentKey, named.code || name, String(position)),
    resource,
    section ? { section } : {},
  );
}
