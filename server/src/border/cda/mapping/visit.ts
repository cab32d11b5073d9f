import { keyText } from '../../key-text.ts';
import { compact } from '../compact.ts';
import { type Context, HEARSAY } from '../context.ts';
import type { Reference } from '../keys.ts';
import { at } from '../read/element.ts';
import { coded, find, valueText } from '../read/statement.ts';
import { roots } from '../systems.ts';
import { organization, placesOf } from './people.ts';

const ACT = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
/** Patient types of WS/T 500 (2.16.156.10011.2.3.1.271). */
const CLASSES: Record<string, { code: string; display: string }> = {
  '1': { code: 'AMB', display: 'ambulatory' },
  '2': { code: 'EMER', display: 'emergency' },
  '3': { code: 'IMP', display: 'inpatient encounter' },
};

/** An outpatient record is the visit; the reports only stand in one and say little of it. */
const IS_THE_VISIT = new Set(['C0001', 'C0002']);

/**
 * The visit, when the document names one: by its number, or by patient number and time (the outpatient record states when the
 * doctor saw the patient; the reports of inpatients state the admission). Sets `context.visit`.
 */
export function visit(context: Context, author: Reference | undefined): void {
  const { reading } = context;
  const encompassing = at(context.root, 'componentOf/encompassingEncounter');
  const number = reading.attribute(at(encompassing, 'id'), 'extension');
  const own = IS_THE_VISIT.has(context.kind.code);
  const admitted = at(encompassing, 'effectiveTime/low') ?? at(encompassing, 'effectiveTime');
  const left = context.time(at(encompassing, 'effectiveTime/high'));
  const seen = own ? at(context.root, 'author/time') : undefined;
  const start = context.time(admitted) ?? context.time(seen);
  const type = coded(reading, at(context.root, 'recordTarget/patientRole/patientType/patienttypeCode')).code;
  const stated = reading.attribute(at(encompassing, 'code'), 'code');
  reading.take(at(encompassing, 'code'));
  if (number !== '') context.visit = keyText(number);
  else if (start) context.visit = keyText(context.person.localId, start.instant);
  const provider = at(context.root, 'recordTarget/patientRole/providerOrganization');
  const facility = at(encompassing, 'location/healthCareFacility/serviceProviderOrganization');
  const places = placesOf(context, facility ?? provider);
  const institution = organization(context, places.get(roots.institution)?.element);
  if (context.visit === '') return;
  const bed = [roots.ward, roots.room, roots.bed].flatMap((root) => places.get(root)?.name ?? []).join(' ');
  const department = places.get(roots.department)?.name ?? '';
  const complaint = own
    ? valueText(reading, find(context.statements(context.section('10154-3', '主诉')), 'DE04.01.119.00'))
    : '';
  const resource = {
    resourceType: 'Encounter',
    identifier: number === '' ? [] : [{ value: number }],
    status: own ? 'finished' : 'unknown',
    class: {
      system: ACT,
      ...(CLASSES[type] ?? Object.values(CLASSES).find(({ code }) => code === stated) ?? CLASSES['1']!),
    },
    subject: context.subject,
    period: compact({ start: start?.fhir, end: left?.fhir }),
    serviceType: department === '' ? undefined : { text: department },
    serviceProvider: institution,
    participant: own && author ? [{ individual: author }] : [],
    location: bed === '' ? [] : [{ location: { display: bed } }],
    reasonCode: complaint === '' ? [] : [{ text: complaint }],
  };
  context.add(context.visit, resource, { merge: 'elements', ...(own ? {} : { stamp: HEARSAY }) });
}

/** Conditions of an outpatient record also stand on its visit. */
export function noteDiagnoses(context: Context, conditions: { reference: string }[]): void {
  const encounter = context.facts.find(
    ({ key, resource }) => resource.resourceType === 'Encounter' && key === context.visit,
  );
  if (!encounter || conditions.length === 0) return;
  encounter.resource.diagnosis = conditions.map((condition, index) => ({ condition, rank: index + 1 }));
}
