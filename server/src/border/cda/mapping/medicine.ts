import { keyText } from '../../key-text.ts';
import { compact } from '../compact.ts';
import type { Context } from '../context.ts';
import { at } from '../read/element.ts';
import { coded, find, type Section, type Statement, valueText } from '../read/statement.ts';
import { codings, oids, urn } from '../systems.ts';
import { unitOf } from './quantity.ts';

const SPECIFICATION = 'DE08.50.043.00';
/** 药物使用总剂量 and 处方有效天数, under the codes in use for them. */
const TOTAL = ['DE06.00.135.00', 'DE06.00.136.00'];
const DAYS = ['DE06.00.294.00', 'DE08.50.010.00'];

/**
 * The medicines of a section (`substanceAdministration`), each a MedicationRequest with `frame` (who, when, why). `stem` begins
 * their keys; `days` holds for those that do not say how long.
 */
export function medicines(
  context: Context,
  section: Section,
  frame: Record<string, unknown>,
  stem: string,
  days = 0,
): void {
  const found = context.statements(section).filter(({ element }) => element.name === 'substanceAdministration');
  for (const [index, one] of found.entries()) medicine(context, section, one, index + 1, frame, stem, days);
}

function medicine(
  context: Context,
  section: Section,
  one: Statement,
  position: number,
  frame: Record<string, unknown>,
  stem: string,
  commonDays: number,
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
  const total = TOTAL.map((code) => find(one.parts, code)).find((part) => part !== undefined);
  const lasting = DAYS.map((code) => find(one.parts, code)).find((part) => part !== undefined);
  const ownDays = Number(valueText(reading, lasting));
  reading.attribute(at(lasting?.element, 'value'), 'unit');
  const days = Number.isInteger(ownDays) && ownDays > 0 ? ownDays : commonDays;
  const started = context.time(at(element, 'effectiveTime/low') ?? at(element, 'effectiveTime'))?.fhir;
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
    authoredOn: started,
    ...compact(frame),
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
  context.add(keyText(stem, named.code || name, String(position)), resource, { section });
}
