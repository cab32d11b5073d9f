import { shippedTerminology } from '../../../core/terminology/index.ts';
import { keyText } from '../../key-text.ts';
import { compact } from '../compact.ts';
import type { Context } from '../context.ts';
import type { Reference } from '../keys.ts';
import { at } from '../read/element.ts';
import { coded, find, markName, type Section, type Statement, valueText } from '../read/statement.ts';
import { oids, urn } from '../systems.ts';
import { medicines } from './medicine.ts';
import { staff } from './people.ts';

const TYPE = 'DE06.00.289.00';
const CONTENT = 'DE06.00.288.00';
const NOTE = 'DE06.00.179.00';
const STATE = 'DE06.00.290.00';
const MEDICATION = '01';

/** Orders of an outpatient record (医嘱): medicines become MedicationRequests, everything else ServiceRequests. */
export function orders(context: Context, section: Section | undefined, author: Reference | undefined): void {
  if (!section) return;
  const frame = { subject: context.subject, encounter: context.encounter, requester: author };
  medicines(context, section, frame, context.visit || context.documentKey);
  const groups = context
    .statements(section)
    .map((one) => (one.parts.length > 0 && one.code === '' ? one.parts : [one]))
    .filter((group) => find(group, CONTENT) !== undefined);
  for (const [index, group] of groups.entries()) order(context, section, group, index + 1);
}

function order(context: Context, section: Section, group: Statement[], position: number): void {
  const { reading } = context;
  const content = find(group, CONTENT);
  const text = valueText(reading, content);
  if (!content || text === '') return;
  const typed = find(group, TYPE);
  if (typed) markName(reading, typed);
  const type = coded(reading, at(typed?.element, 'value'));
  const author = at(content.element, 'author');
  const requester = staff(context, at(author, 'assignedAuthor'));
  const authored = context.time(at(author, 'time'));
  const start = context.time(at(content.element, 'effectiveTime/low'))?.fhir;
  const end = context.time(at(content.element, 'effectiveTime/high'))?.fhir;
  const note = valueText(reading, find(content.parts, NOTE));
  const state = valueText(reading, find(content.parts, STATE));
  const period = compact({ start, end });
  const shared = {
    status: /取消|停止|作废/.test(state) ? 'stopped' : 'active',
    intent: 'order',
    subject: context.subject,
    encounter: context.encounter,
    authoredOn: authored?.fhir,
    requester,
    note: note === '' ? [] : [{ text: note }],
  };
  const key = keyText(context.visit || context.documentKey, 'order', text, String(position));
  if (type.code === MEDICATION) {
    const dosage = Object.keys(period).length === 0 ? [] : [{ timing: { repeat: { boundsPeriod: period } } }];
    context.add(
      key,
      { resourceType: 'MedicationRequest', ...shared, medicationCodeableConcept: { text }, dosageInstruction: dosage },
      { section },
    );
    return;
  }
  const name = type.display || shippedTerminology().display(urn(oids.orderType), type.code, 'zh') || '';
  const category =
    type.code === '' ? [] : [{ coding: [compact({ system: urn(oids.orderType), code: type.code, display: name })] }];
  const occurrence = Object.keys(period).length === 0 ? {} : { occurrencePeriod: period };
  context.add(
    key,
    {
      resourceType: 'ServiceRequest',
      ...shared,
      status: shared.status === 'stopped' ? 'revoked' : 'active',
      category,
      code: { text },
      ...occurrence,
    },
    { section },
  );
}
