import { dateRange, isResourceType, type ResourceType } from '@hutong/fhir';
import type { Call, Refusal, Reply } from '../../core/access/index.ts';
import { everythingOf, maxCount, type Stored } from '../../core/store/index.ts';
import { callerOf, covered, type FhirDoor, notCovered, notFound, outcome, ownScope, scopeFor } from './door.ts';
import { issue } from './outcome.ts';
import { lookUp } from './read-one.ts';
import { rowEntry } from './search-bundle.ts';
import { formatRefusal } from './shape.ts';

type Asked = {
  count: number;
  since: number | null;
  start: number | null;
  end: number | null;
  types: ResourceType[] | null;
  after: string | null;
};

function asked(rawQuery: string): Asked | { reply: Reply } {
  const wanted: Asked = { count: 200, since: null, start: null, end: null, types: null, after: null };
  for (const [given, value] of new URLSearchParams(rawQuery)) {
    const name = given.slice(0, 60);
    const range = dateRange(value);
    if (name === '_count' && /^[1-9]\d{0,5}$/.test(value)) wanted.count = Math.min(Number(value), maxCount);
    else if (name === '_since' && range) wanted.since = range.start;
    else if (name === 'start' && range) wanted.start = range.start;
    else if (name === 'end' && range) wanted.end = range.end;
    else if (name === '_type' && value.split(',').every(isResourceType))
      wanted.types = value.split(',') as ResourceType[];
    else if (name === '_after' && /^-?\d{1,19}$/.test(value) && BigInt.asIntN(64, BigInt(value)) === BigInt(value))
      wanted.after = value;
    else if (name === '_format') {
      const refusal = formatRefusal(value);
      if (refusal) return refusal;
    } else
      return {
        reply: outcome(400, [
          issue(
            'value',
            name,
            `参数“${name}”未知或取值无效`,
            `The parameter "${name}" is not known or its value is not valid`,
          ),
        ]),
      };
  }
  return wanted;
}

/**
 * Patient/[id]/$everything: the patient, then every row about the resident in the order of an internal key that never changes, so that
 * a page is right whatever is written meanwhile; each page brings the practitioners, places and drugs that it refers to.
 */
export async function everything(door: FhirDoor, call: Call): Promise<Reply | Refusal> {
  const { id = '' } = call.params;
  const caller = callerOf(call);
  if (!covered(caller, 'Patient', 'r')) return notCovered('Patient');
  const wanted = asked(call.rawQuery);
  if ('reply' in wanted) {
    call.look({ action: 'refused', what: 'Patient $everything', ground: 'own-institution' });
    return wanted.reply;
  }
  const patient = await lookUp(door, call, '$everything', (scope) => door.read(scope, 'Patient', id));
  if (patient === null || patient === 'gone' || patient.subject === null) return notFound();
  const opened = await scopeFor(door, caller, patient.subject, call.now);
  const scope = opened.scope.subjects.length > 0 ? opened.scope : ownScope(caller);
  const subjects = opened.scope.subjects.length > 0 ? opened.scope.subjects : [patient.subject];
  const page = await everythingOf(door.pool, scope, subjects, { ...wanted, except: patient.key });
  for (const subject of subjects)
    call.look({
      action: 'read',
      what: 'Patient $everything',
      subject,
      resident: opened.resident,
      ground: opened.ground,
    });
  const may = (row: Stored): boolean => covered(caller, row.type, 'r');
  const first =
    wanted.after === null &&
    (!wanted.types || wanted.types.includes('Patient')) &&
    (wanted.since === null || patient.received.getTime() >= wanted.since)
      ? [patient]
      : [];
  const link = (after: string | null): string => {
    const query = new URLSearchParams(call.rawQuery);
    if (after !== null) query.set('_after', after);
    const text = query.toString();
    return JSON.stringify(`${call.origin}/fhir/Patient/${id}/$everything${text ? `?${text}` : ''}`);
  };
  const links = [
    `{"relation":"self","url":${link(null)}}`,
    ...(page.next !== null ? [`{"relation":"next","url":${link(page.next)}}`] : []),
  ];
  const entries = [...first, ...page.rows.filter(may)]
    .map((row) => rowEntry(call.origin, 'match', row.body, row))
    .concat(page.around.filter(may).map((row) => rowEntry(call.origin, 'include', row.body, row)));
  return {
    body: `{"resourceType":"Bundle","type":"searchset","link":[${links.join(',')}],"entry":[${entries.join(',')}]}`,
  };
}
