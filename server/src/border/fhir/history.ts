import { dateRange, isResourceType, type ResourceType, resourceTypes } from '@hutong/fhir';
import { type Call, isRefusal, type Refusal, type Reply } from '../../core/access/index.ts';
import { type HistoryPlace, historyOf, maxCount, type Version } from '../../core/store/index.ts';
import { callerOf, covered, type FhirDoor, notCovered, notFound, outcome, ownScope } from './door.ts';
import { issue } from './outcome.ts';
import { readInstanceHistory } from './read-one.ts';
import { formatRefusal } from './shape.ts';

const entryOf =
  (call: Call) =>
  ({ type, id, version, deleted, received, body }: Version): string =>
    `{"fullUrl":"${call.origin}/fhir/${type}/${id}",${deleted ? '' : `"resource":${body},`}"request":{"method":"${deleted ? 'DELETE' : version === 1 ? 'POST' : 'PUT'}","url":"${type}/${id}"},"response":{"status":"${deleted ? 204 : version === 1 ? 201 : 200}","etag":"W/\\"${version}\\"","lastModified":"${received.toISOString()}"}}`;

type Asked = { count: number; since: number | null; before: HistoryPlace | null; pretty: boolean };

/** `_count`, `_since` and our own `_before`; anything else is refused by name. */
function asked(rawQuery: string): Asked | { reply: Reply } {
  const wanted: Asked = { count: 50, since: null, before: null, pretty: false };
  const bad = (name: string): { reply: Reply } => ({
    reply: outcome(400, [issue('value', name, `参数“${name}”无效`, `The parameter "${name}" is not valid`)]),
  });
  for (const [given, value] of new URLSearchParams(rawQuery)) {
    const name = given.slice(0, 60);
    if (name === '_count' && /^\d{1,6}$/.test(value)) wanted.count = Math.min(Number(value), maxCount);
    else if (name === '_since' && dateRange(value)) wanted.since = Math.max(-6.2e13, dateRange(value)?.start as number);
    else if (name === '_before') {
      const place = placeOf(value);
      if (!place) return bad(name);
      wanted.before = place;
    } else if (name === '_pretty') wanted.pretty = value === 'true';
    else if (name === '_format') {
      const refusal = formatRefusal(value);
      if (refusal) return refusal;
    } else return bad(name);
  }
  return wanted;
}

/** The place holds a time, a key and a number: nothing about anybody. */
function placeOf(text: string): HistoryPlace | null {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)_(-?\d{1,19})_(\d{1,9})$/.exec(text);
  if (
    !match ||
    Number.isNaN(Date.parse(match[1] as string)) ||
    BigInt.asIntN(64, BigInt(match[2] as string)) !== BigInt(match[2] as string)
  )
    return null;
  return { received: match[1] as string, key: match[2] as string, version: Number(match[3]) };
}

export async function instanceHistory(door: FhirDoor, call: Call): Promise<Reply | Refusal> {
  const wanted = asked(call.rawQuery);
  if ('reply' in wanted) {
    call.look({ action: 'refused', what: 'history', ground: 'own-institution' });
    return wanted.reply;
  }
  const versions = await readInstanceHistory(door, call);
  if (isRefusal(versions)) return versions;
  const recent = versions.filter(({ received }) => wanted.since === null || received.getTime() >= wanted.since);
  const after = wanted.before
    ? recent.filter(({ version }) => version < (wanted.before as HistoryPlace).version)
    : recent;
  const page = after.slice(0, wanted.count);
  const last = page.at(-1);
  const next =
    after.length > page.length && last
      ? { received: last.received.toISOString(), key: String(last.key), version: last.version }
      : null;
  return answer(call, `${call.params.type}/${call.params.id}/_history`, page, next, recent.length);
}

/** What the caller's own institution wrote, and the shared directory; another institution's record is opened by its resident, one at a time. */
export async function typeHistory(door: FhirDoor, call: Call): Promise<Reply | Refusal> {
  const { type } = call.params;
  const caller = callerOf(call);
  if (type !== undefined && !isResourceType(type)) return notFound();
  const types: ResourceType[] =
    type !== undefined ? [type as ResourceType] : resourceTypes.filter((one) => covered(caller, one, 'r'));
  if (types.length === 0 || (type !== undefined && !covered(caller, type, 'r'))) return notCovered(type ?? '*');
  const wanted = asked(call.rawQuery);
  call.look({ action: 'search', what: `${type ?? 'system'} history`, ground: 'own-institution' });
  if ('reply' in wanted) return wanted.reply;
  const { versions, next } = await historyOf(door.pool, ownScope(caller), types, wanted);
  for (const subject of new Set(versions.flatMap((version) => (version.subject === null ? [] : [version.subject]))))
    call.look({ action: 'read', what: `${type ?? 'system'} history`, subject, ground: 'own-institution' });
  return answer(call, `${type === undefined ? '' : `${type}/`}_history`, versions, next, null);
}

function answer(call: Call, path: string, versions: Version[], next: HistoryPlace | null, total: number | null): Reply {
  const link = (place: HistoryPlace | null): string => {
    const query = new URLSearchParams(call.rawQuery);
    if (place) query.set('_before', `${place.received}_${place.key}_${place.version}`);
    const text = query.toString();
    return JSON.stringify(`${call.origin}/fhir/${path}${text ? `?${text}` : ''}`);
  };
  const links = [
    `{"relation":"self","url":${link(null)}}`,
    ...(next ? [`{"relation":"next","url":${link(next)}}`] : []),
  ];
  return {
    body: `{"resourceType":"Bundle","type":"history",${total === null ? '' : `"total":${total},`}"link":[${links.join(',')}],"entry":[${versions.map(entryOf(call)).join(',')}]}`,
  };
}
