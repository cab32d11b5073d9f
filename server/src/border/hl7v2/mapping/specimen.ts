import type { Resource } from '../../fact.ts';
import { type Context, keyText } from '../context.ts';
import { codeSystem, codeText } from '../read/codes.ts';
import { type Identifier, localSystem } from '../read/identifier.ts';
import { compositeQuantity } from '../read/quantity.ts';
import { fill, type Rule } from '../read/rules.ts';
import type { Repetition, SegmentReader } from '../read/segment-reader.ts';
import { coded, dateTime, periodOf } from '../read/simple.ts';

const SPM: readonly Rule[] = [
  [2, 'identifier[]', numbers],
  [30, 'accessionIdentifier', (value, context) => number(value, 1, '', context)],
  [4, 'type', coded('HL70487')],
  [17, 'collection.collectedPeriod', (value, context) => periodOf(value, 1, 2, context)],
  [7, 'collection.method', coded('HL70488')],
  [8, 'collection.bodySite', coded('SPM-8')],
  [12, 'collection.quantity', compositeQuantity],
  [18, 'receivedTime', dateTime],
  [24, 'condition[]', coded('HL70493')],
  [27, 'container[]', (value, context) => ({ type: coded('SPM-27')(value, context) })],
  [14, 'note[]', (value) => ({ text: value.whole() })],
];

/** SPM → Specimen. Returns its key: filler number, else placer number of SPM-2, else the group's key and the position. */
export function specimen(segment: SegmentReader, fallback: string, stamp: string, context: Context): string {
  const resource: Resource = { resourceType: 'Specimen', subject: context.subject };
  segment.structural(1);
  fill(resource, segment, SPM, context);
  const collection = resource.collection as
    | { collectedPeriod?: { start?: string; end?: string }; collectedDateTime?: string }
    | undefined;
  if (collection?.collectedPeriod && !collection.collectedPeriod.end) {
    collection.collectedDateTime = collection.collectedPeriod.start!;
    delete collection.collectedPeriod;
  }
  if (collection && Object.values(collection).every((value) => value === undefined)) delete resource.collection;
  const containers = (resource.container as { type?: unknown }[] | undefined)?.filter((one) => one.type !== undefined);
  if (containers && containers.length === 0) delete resource.container;
  if (segment.all(21).length > 0) {
    resource.status = 'unsatisfactory';
    const reason = coded('HL70490')(segment.first(21)!, context);
    if (reason) resource.condition = [...((resource.condition as unknown[] | undefined) ?? []), reason];
  } else if (segment.all(20).length > 0)
    resource.status = segment.text(20).toUpperCase() === 'N' ? 'unavailable' : 'available';
  const key = specimenKey(segment.first(2)) || fallback;
  context.add(key, resource, { stamp });
  return key;
}

/** OBR-15 (until 2.4, and in laboratories that send no SPM): source as CWE in subcomponents, additives, text, body site. */
export function sourceOfSpecimen(obr: SegmentReader, key: string, stamp: string, context: Context): boolean {
  const source = obr.first(15);
  if (!source) return false;
  const code = codeText(source.text(1));
  const display = source.text(1, 2);
  const system =
    codeSystem(source.text(1, 3), context.options.institution) ?? codeSystem('HL70070', context.options.institution);
  const text = source.text(3) || display || code;
  if (text === '') return false;
  const received = obr.first(14);
  const receivedTime = received && dateTime(received, context);
  context.add(
    key,
    {
      resourceType: 'Specimen',
      subject: context.subject,
      type: { ...(code ? { coding: [{ system, code, ...(display ? { display } : {}) }] } : {}), text },
      ...(receivedTime ? { receivedTime } : {}),
    },
    { stamp },
  );
  return true;
}

/** EIP: placer & namespace ^ filler & namespace. The filler's number is the one both sides know after receipt. */
function specimenKey(value: Repetition | undefined): string {
  if (!value) return '';
  const filler = value.text(2);
  return filler ? keyText(value.text(2, 2), filler) : value.text(1) ? keyText(value.text(1, 2), value.text(1)) : '';
}

function numbers(value: Repetition, context: Context): Identifier[] {
  return [number(value, 1, 'PLAC', context), number(value, 2, 'FILL', context)].filter((one) => one !== undefined);
}

function number(value: Repetition, c: number, type: string, context: Context): Identifier | undefined {
  const found = value.text(c);
  if (found === '') return undefined;
  const system = localSystem(context.options.institution, value.text(c, 2) || 'specimen');
  return {
    ...(type ? { type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: type }] } } : {}),
    system,
    value: found,
  };
}
