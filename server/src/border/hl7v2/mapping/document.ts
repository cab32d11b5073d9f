import type { Resource } from '../../fact.ts';
import { type Context, reference } from '../context.ts';
import { lookUp } from '../read/codes.ts';
import { entityIdentifier, entityKey } from '../read/identifier.ts';
import { type Attachment, observationValues, type Value } from '../read/observation-value.ts';
import { practitioner } from '../read/parties.ts';
import { fill, type Rule } from '../read/rules.ts';
import type { SegmentReader } from '../read/segment-reader.ts';
import { coded, instant } from '../read/simple.ts';
import { documentStatus } from './code-tables.ts';
import type { OrderGroup } from './order-groups.ts';
import { orderKey, requestBehindReport } from './request.ts';

const TXA: readonly Rule[] = [
  [12, 'masterIdentifier', entityIdentifier()],
  [15, 'identifier[]', entityIdentifier('FILL')],
  [14, 'identifier[]', entityIdentifier('PLAC')],
  [2, 'type', coded('HL70270')],
  [7, 'date', instant],
  [6, 'date', instant],
  [9, 'author[]', practitioner],
  [5, 'author[]', practitioner],
  [10, 'authenticator', practitioner],
  [22, 'authenticator', practitioner],
  [18, 'securityLabel[]', coded('HL70272')],
];

/** What the event does to the document it names in TXA-13 (chapter 9): addenda append, replacements replace. */
const RELATIONS: Readonly<Record<string, string>> = {
  T05: 'appends',
  T06: 'appends',
  T09: 'replaces',
  T10: 'replaces',
};

/**
 * TXA and its OBX → DocumentReference. Key: TXA-12. TX and FT lines of the body become one text attachment, ED and RP one each.
 * A notification (T01, T05, T09) has no body: its content only names the document.
 */
export function documentOf(
  txa: SegmentReader,
  groups: readonly OrderGroup[],
  bodies: readonly SegmentReader[],
  context: Context,
): void {
  const { event } = context.header;
  const resource: Resource = { resourceType: 'DocumentReference', subject: context.subject };
  txa.structural(1);
  fill(resource, txa, TXA, context);
  const number = entityKey(txa.first(12));
  if (number === '') {
    context.report('hl7v2.required-field-missing', txa.path(12), 'TXA-12');
    return;
  }
  resource.docStatus = lookUp(documentStatus, txa.first(17), context);
  if (resource.docStatus === undefined) delete resource.docStatus;
  const availability = txa.text(19).toUpperCase();
  const cancelled = event === 'T11' || availability === 'CA';
  resource.status = cancelled ? 'entered-in-error' : availability === 'OB' ? 'superseded' : 'current';
  const parent = entityKey(txa.first(13));
  const relation = RELATIONS[event];
  if (relation && parent !== '')
    resource.relatesTo = [{ code: relation, target: reference('DocumentReference', parent) }];
  const title = txa.first(25)?.whole() || txa.text(16);
  resource.content = contents(bodies, title, context).map((attachment) => ({ attachment }));
  const related = groups.map((group) => requestKey(group, context)).filter((key) => key !== '');
  resource.context = {
    ...(context.encounter ? { encounter: [context.encounter] } : {}),
    ...(related.length > 0 ? { related: related.map((key) => reference('ServiceRequest', key)) } : {}),
  };
  if (Object.keys(resource.context as object).length === 0) delete resource.context;
  context.add(number, resource, { stamp: context.stampFrom(txa, 8) ?? context.stamp });
}

function requestKey(group: OrderGroup, context: Context): string {
  const key = orderKey(group.orc, group.obr);
  if (key !== '') requestBehindReport(group, key, context);
  return key;
}

function contents(bodies: readonly SegmentReader[], title: string, context: Context): Attachment[] {
  const lines: string[] = [];
  const found: Attachment[] = [];
  for (const obx of bodies) {
    obx.structural(1, 2, 11);
    const { values, attachments } = observationValues(obx, {}, context);
    const name = obx.text(3, 2) || obx.text(3);
    found.push(...attachments.map((one) => ({ ...one, ...(name || title ? { title: name || title } : {}) })));
    lines.push(...values.map(printed));
  }
  const text = lines.join('\n');
  const named = title === '' ? {} : { title };
  if (text !== '')
    found.unshift({
      contentType: 'text/plain; charset=utf-8',
      data: Buffer.from(text, 'utf8').toString('base64'),
      ...named,
    });
  return found.length > 0 ? found : [{ title: title || 'document' }];
}

function printed([, value]: Value): string {
  if (typeof value === 'string') return value;
  const coded = value as { text?: string; value?: number; comparator?: string; unit?: string };
  if (coded.text) return coded.text;
  return coded.value === undefined
    ? JSON.stringify(value)
    : `${coded.comparator ?? ''}${coded.value} ${coded.unit ?? ''}`.trim();
}
