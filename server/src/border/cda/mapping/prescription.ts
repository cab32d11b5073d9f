import type { Context } from '../context.ts';
import type { Reference } from '../keys.ts';
import { at } from '../read/element.ts';
import { find, valueText } from '../read/statement.ts';
import type { Time } from '../read/time.ts';
import { roots, urn } from '../systems.ts';
import { diagnosesOf } from './diagnosis.ts';
import { medicines } from './medicine.ts';

const DAYS = 'DE06.00.294.00';

/** Western prescription (C0004): one MedicationRequest per medicine, all in one group. */
export function prescription(context: Context, prescriber: Reference | undefined, prescribed: Time | undefined): void {
  const { reading } = context;
  const number = context.number(roots.prescription);
  const section = context.section('10160-0', '用药');
  if (!section) return;
  const reasons = diagnosesOf(context, context.section('29548-5', '诊断')).map(({ concept }) => concept);
  const days = find(context.statements(section), DAYS);
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
  medicines(context, section, frame, number || context.documentKey, Number.isInteger(validDays) ? validDays : 0);
}
