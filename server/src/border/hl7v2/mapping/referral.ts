import type { Resource } from '../../fact.ts';
import { type Context, personKeyText } from '../context.ts';
import { lookUp } from '../read/codes.ts';
import { digest } from '../read/digest.ts';
import { entityIdentifier, entityKey } from '../read/identifier.ts';
import { humanName } from '../read/name.ts';
import type { Party } from '../read/parties.ts';
import { fill, listOf, type Rule } from '../read/rules.ts';
import type { SegmentReader } from '../read/segment-reader.ts';
import { coded, dateTime } from '../read/simple.ts';
import { priority, referralStatus } from './code-tables.ts';

const RF1: readonly Rule[] = [
  [6, 'identifier[]', entityIdentifier('PLAC')],
  [11, 'identifier[]', entityIdentifier('FILL')],
  [3, 'code', coded('HL70281')],
  [4, 'category[]', coded('HL70282')],
  [5, 'category[]', coded('HL70284')],
  [10, 'reasonCode[]', coded('HL70336')],
  [7, 'occurrencePeriod.start', dateTime],
  [8, 'occurrencePeriod.end', dateTime],
  [9, 'authoredOn', dateTime],
];

/** RF1 and PRD → ServiceRequest of category referral; key: RF1-6, else RF1-11, else what is referred and when. */
export function referral(rf1: SegmentReader, providers: readonly SegmentReader[], context: Context): void {
  const resource: Resource = { resourceType: 'ServiceRequest', intent: 'order', subject: context.subject };
  fill(resource, rf1, RF1, context);
  const cancelled = context.header.event === 'I14';
  resource.status = cancelled ? 'revoked' : (lookUp(referralStatus, rf1.first(1), context) ?? 'active');
  const urgency = lookUp(priority, rf1.first(2), context);
  if (urgency) resource.priority = urgency;
  listOf(resource, 'category').unshift({
    coding: [{ system: 'http://snomed.info/sct', code: '3457005', display: 'Patient referral' }],
  });
  for (const prd of providers) provider(resource, prd, context);
  if (context.encounter) resource.encounter = context.encounter;
  const notes = rf1.all(22).map((value) => value.text(2) || value.text(1));
  if (notes.length > 0) resource.note = notes.map((text) => ({ text }));
  const key =
    entityKey(rf1.first(6)) ||
    entityKey(rf1.first(11)) ||
    `content|${digest(personKeyText(context.person), rf1.text(3), rf1.text(7))}`;
  context.add(`referral|${key}`, resource);
}

/** PRD-1 (table 0286): RP refers, RT is referred to. */
function provider(resource: Resource, prd: SegmentReader, context: Context): void {
  const role = prd.text(1).toUpperCase();
  if (role !== 'RP' && role !== 'RT') return;
  prd.text(1, 2);
  prd.text(1, 3);
  const name = prd.first(2);
  const person = name && humanName(name, context)?.text;
  const where = prd.first(4)?.text(9) || prd.first(4)?.text(4) || '';
  const display = [person, where].filter((part) => part).join(', ');
  if (display === '') return;
  const party: Party = { display };
  if (role === 'RP') resource.requester ??= party;
  else listOf(resource, 'performer').push(party);
}
