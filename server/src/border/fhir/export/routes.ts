import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { isResourceType, parseSearch, type ResourceType } from '@hutong/fhir';
import { type Call, type Refusal, type Reply, type Route, refuse } from '../../../core/access/index.ts';
import { exportPage, NotSearchable, readResource, storedTypes } from '../../../core/store/index.ts';
import type { WorkLoop } from '../../../kit/work-loop.ts';
import { callerOf, covered, type FhirDoor, notCovered, notFound, outcome, ownScope } from '../door.ts';
import type { JobFiles } from '../job-files.ts';
import { fromValidator, issue } from '../outcome.ts';
import { withinScopes } from '../within-scopes.ts';
import { memberReferences, mostMembers } from './members.ts';
import { type Asked, askedOf, type ExportRequest, firstProgress, manifest } from './request.ts';
import { sliceOf } from './slice.ts';
import { cancelJob, insertJob, jobOf, unfinishedOf } from './tables.ts';

export type ExportDoor = { files: JobFiles; work: WorkLoop };

/** More of one client's would only wait for each other. */
const mostAtOnce = 4;
type Level = ExportRequest['level'];

/** Bulk Data Access 2.0: asked for, waited for, fetched. What it shows is what the client sees without naming a person, and a group's members. */
export function exportRoutes(door: FhirDoor, { files, work }: ExportDoor): Route[] {
  const base = { permission: 'fhir.read' as const, face: 'fhir' as const };
  const kickOff = (path: string, level: Level): Route => ({
    ...base,
    method: 'GET',
    path,
    summary: `Export ${level === 'system' ? 'everything' : level === 'Patient' ? 'all patients' : 'a group of patients'} as NDJSON`,
    handle: (call) => begin(door, work, call, level),
  });
  const job = (call: Call) => jobOf(door.pool, call.params.job ?? '', callerOf(call).id);
  return [
    kickOff('/fhir/$export', 'system'),
    kickOff('/fhir/Patient/$export', 'Patient'),
    kickOff('/fhir/Group/:id/$export', 'Group'),
    {
      ...base,
      method: 'GET',
      path: '/fhir/$export-status/:job',
      summary: 'How far an export is; its manifest when it is done',
      impersonal: true,
      async handle(call): Promise<Reply | Refusal> {
        const found = await job(call);
        if (!found) return notFound();
        if (found.state === 'failed') return refuse('HT-PLATFORM-002');
        if (found.state === 'done')
          return {
            headers: { 'content-type': 'application/json', expires: (found.expires as Date).toUTCString() },
            body: manifest(found, `${call.origin}/fhir`),
          };
        const { progress, request } = found;
        const rows = progress.files.reduce((sum, { count }) => sum + count, 0);
        return {
          status: 202,
          headers: {
            'retry-after': '2',
            'x-progress': `${progress.phase === 'people' ? 'noting' : 'writing'} ${request.types[progress.type] ?? ''}, ${rows} resources`,
          },
        };
      },
    },
    {
      ...base,
      method: 'DELETE',
      path: '/fhir/$export-status/:job',
      summary: 'Cancel an export, or remove its files',
      impersonal: true,
      async handle(call) {
        const found = await job(call);
        if (!found) return notFound();
        await cancelJob(door.pool, found.id);
        await files.remove(found.id);
        return { status: 202 };
      },
    },
    {
      ...base,
      method: 'GET',
      path: '/fhir/$export-file/:job/:file',
      summary: 'One file of an export, only for the client that asked for it',
      async handle(call) {
        const found = await job(call);
        const number = /^\d{1,5}$/.test(call.params.file ?? '') ? Number(call.params.file) : -1;
        const file = found?.state === 'done' ? found.progress.files[number] : undefined;
        call.look({
          action: 'export',
          what: file ? `file of ${file.type}` : 'file not shown',
          ground: 'own-institution',
        });
        if (!found || !file || (found.expires as Date).getTime() < call.now) return notFound();
        return {
          headers: { 'content-type': 'application/fhir+ndjson' },
          body: Readable.from(files.read(found.id, number, file.bytes), { objectMode: false, highWaterMark: 1 << 20 }),
        };
      },
    },
  ];
}

async function begin(door: FhirDoor, work: WorkLoop, call: Call, level: Level): Promise<Reply | Refusal> {
  const caller = callerOf(call);
  const refused = <T extends Reply | Refusal>(answer: T): T => {
    call.look({ action: 'refused', what: `${level} $export`, ground: 'own-institution' });
    return answer;
  };
  if (!/\brespond-async\b/.test(call.headers.prefer ?? ''))
    return refused(
      outcome(400, [
        issue('value', 'Prefer', '需要请求头 Prefer: respond-async', 'The header Prefer: respond-async is needed'),
      ]),
    );
  const asked = askedOf(new URLSearchParams(call.rawQuery));
  if ('reply' in asked) return refused(asked.reply);
  const uncovered = asked.types?.find((type) => !covered(caller, type, 'r'));
  if (uncovered) return refused(notCovered(uncovered));
  const wrong = filtersRefusal(call, asked);
  if (wrong) return refused(wrong);
  const group = level === 'Group' ? (call.params.id ?? '') : null;
  if (group !== null) {
    const found = await readResource(door.pool, ownScope(caller), 'Group', group);
    if (!covered(caller, 'Group', 'r')) return refused(notCovered('Group'));
    if (found === null || found === 'gone') return refused(notFound());
    if (memberReferences(JSON.parse(found.body) as object).length > mostMembers)
      return refused(
        outcome(422, [
          issue(
            'too-costly',
            'Group.member',
            `组成员超过 ${mostMembers} 人`,
            `The group has more than ${mostMembers} members`,
          ),
        ]),
      );
  }
  if ((await unfinishedOf(door.pool, caller.id)) >= mostAtOnce) return refused(refuse('HT-PLATFORM-003'));
  const types = asked.types ?? (await storedTypes(door.pool)).filter((type) => covered(caller, type, 'r'));
  const job: Parameters<typeof insertJob>[1] = {
    id: randomBytes(16).toString('hex'),
    client: caller.id,
    institution: caller.institution,
    trace: call.trace,
    address: `${call.origin}/fhir${level === 'system' ? '' : group === null ? '/Patient' : `/Group/${group}`}/$export${call.rawQuery ? `?${call.rawQuery}` : ''}`,
    request: {
      level,
      group,
      types,
      since: asked.since,
      typeFilters: asked.typeFilters,
      base: `${call.origin}/fhir`,
      caller: { role: caller.role, permissions: caller.permissions, scopes: caller.scopes },
    },
    progress: firstProgress,
    asked: new Date(call.now),
  };
  try {
    // What the store does not answer is refused now, and not found out by the work.
    for (const type of new Set(asked.typeFilters.map((filter) => filter.split('?')[0] as ResourceType)))
      await exportPage(door.pool, sliceOf(job, null, type), null, { rows: 1, bytes: 1 });
  } catch (error) {
    if (!(error instanceof NotSearchable)) throw error;
    const { parameter } = error;
    return refused(
      outcome(400, [
        issue(
          'not-supported',
          parameter,
          `不支持检索参数“${parameter}”`,
          `The search parameter "${parameter}" is not supported`,
        ),
      ]),
    );
  }
  await insertJob(door.pool, job);
  call.look({ action: 'export', what: `${level} $export`, ground: 'own-institution' });
  work.nudge();
  return { status: 202, headers: { 'content-location': `${call.origin}/fhir/$export-status/${job.id}` } };
}

/** Each `_typeFilter` is a search of one type that the client might make, without anything about pages or order. */
function filtersRefusal(call: Call, asked: Asked): Reply | Refusal | null {
  const bad = (en: string, zh: string): Reply => outcome(400, [issue('value', '_typeFilter', zh, en)]);
  for (const filter of asked.typeFilters) {
    const [type = '', query = ''] = filter.split(/\?(.*)/s);
    if (!isResourceType(type) || (asked.types && !asked.types.includes(type as ResourceType)))
      return bad('Each _typeFilter begins with an exported type and "?"', '_typeFilter 应以所导出的资源类型和“?”开头');
    if (!covered(callerOf(call), type, 's')) return notCovered(type);
    const parsed = parseSearch(type, new URLSearchParams(query), []);
    if (!parsed.ok) return outcome(400, parsed.issues.map(fromValidator));
    const { sort, includes, revincludes, count, total, summary, elements } = parsed.query;
    if (sort.length + includes.length + revincludes.length > 0 || (count ?? total ?? summary ?? elements) !== undefined)
      return bad('A _typeFilter only filters', '_typeFilter 只能用于过滤');
    const narrowed = withinScopes(callerOf(call), parsed.query, type);
    if (typeof narrowed === 'string') return notCovered(narrowed);
  }
  return null;
}
