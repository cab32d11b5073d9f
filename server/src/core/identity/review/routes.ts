import type { PairDecision, PairState, TraceCandidate, TraceQuery } from '@hutong/contract/identity.ts';
import { type Call, type Caller, type Refusal, type Reply, type Route, refuse } from '../../access/index.ts';
import { goldenRecord } from '../golden/survivorship.ts';
import { matchPerson, suffices } from '../matching/match-person.ts';
import { comparableOfQuery } from '../matching/query.ts';
import { fromPublicId, publicId } from '../public-id.ts';
import { sourcesOfResidents } from '../tables/find.ts';
import { pairById, pairPage } from '../tables/pairs.ts';
import { setTracer, tracers } from '../tables/tracers.ts';
import { mergeResidents, splitResident, undoAct, unlinkSource } from './acts.ts';
import { maskedGolden, maskOf } from './cards.ts';
import { decidePair } from './decide-pair.ts';
import { agentName, institutionOf, type ReviewDoor } from './door.ts';
import { learnModel, modelViews, putModelToUse } from './models.ts';
import { detailOfPair, pageOfPairs, readCursor } from './pairs.ts';
import { identitySummary, residentIdentity } from './resident.ts';

const ground = 'identity-review';
const states: readonly PairState[] = ['open', 'awaiting-second', 'linked', 'separate', 'unsure', 'settled'];
const text = (maxLength: number): object => ({ type: 'string', maxLength });
const why = { reason: text(60), note: text(1000) };
const body = (required: string[], properties: object): object => ({
  body: { type: 'object', required, additionalProperties: false, properties: { ...why, ...properties } },
});
const ids = (minItems: number, maxItems: number): object => ({ type: 'array', minItems, maxItems, items: text(13) });

/** The master index for the console: the queue, decisions, residents, models, tracing. */
export function identityRoutes(door: ReviewDoor): Route[] {
  const route = (
    method: Route['method'],
    path: string,
    permission: Route['permission'],
    summary: string,
    handle: Route['handle'],
    schema?: Route['schema'],
  ): Route => ({ method, path: `/api/identity/${path}`, permission, summary, handle, ...(schema && { schema }) });
  return [
    route('GET', 'summary', 'identity.read', 'The index in figures', (call) => summary(door, call)),
    route('GET', 'pairs', 'identity.read', 'The review queue, strongest evidence first', (call) => list(door, call)),
    route('GET', 'pairs/:id', 'identity.review', 'One pair, side by side', (call) => pair(door, call)),
    route('GET', 'next', 'identity.review', 'The next open pair, to have it loaded already', (call) =>
      next(door, call),
    ),
    route(
      'POST',
      'pairs/:id/decide',
      'identity.review',
      'Link, separate, or put aside',
      (call) => decide(door, call),
      body(['decision', 'reason', 'version'], {
        decision: { enum: ['link', 'separate', 'unsure'] },
        version: { type: 'integer', minimum: 1 },
      }),
    ),
    route(
      'POST',
      'acts/:id/undo',
      'identity.review',
      'Take a decision back',
      (call) => undo(door, call),
      body(['reason'], {}),
    ),
    route('GET', 'residents/:id', 'identity.read', 'Golden record, registrations, history', (call) =>
      resident(door, call),
    ),
    route(
      'POST',
      'merge',
      'identity.review',
      'Join two residents',
      (call) => merge(door, call),
      body(['residents', 'reason'], { residents: ids(2, 2) }),
    ),
    route(
      'POST',
      'residents/:id/split',
      'identity.review',
      'Take registrations out of a resident',
      (call) => split(door, call),
      body(['sources', 'reason'], { sources: ids(1, 500) }),
    ),
    route(
      'POST',
      'sources/:id/unlink',
      'identity.review',
      'Take one registration out of its resident',
      (call) => unlink(door, call),
      body(['reason'], {}),
    ),
    route('GET', 'models', 'identity.read', 'Models and their weights', (call) => models(door, call)),
    route(
      'POST',
      'models/learn',
      'identity.manage',
      'Estimate the weights anew from decided pairs',
      (call) => learn(door, call),
      body(['reason'], { reason: text(300) }),
    ),
    route(
      'POST',
      'models/:version/use',
      'identity.manage',
      'Put a model to use',
      (call) => use(door, call),
      body(['reason'], { reason: text(300) }),
    ),
    route('GET', 'tracers', 'identity.manage', 'Institutions whose systems may trace', (call) =>
      listTracers(door, call),
    ),
    route('POST', 'tracers', 'identity.manage', 'Grant or revoke the right to trace', (call) => grant(door, call), {
      body: {
        type: 'object',
        required: ['institution', 'allowed'],
        additionalProperties: false,
        properties: { institution: text(40), allowed: { type: 'boolean' } },
      },
    }),
    route('POST', 'trace', 'identity.trace', 'Who may this be', (call) => trace(door, call), {
      body: {
        type: 'object',
        additionalProperties: false,
        properties: {
          name: text(100),
          sex: text(10),
          birthDate: text(10),
          number: text(30),
          phone: text(30),
          address: text(300),
          documents: {
            type: 'array',
            maxItems: 10,
            items: {
              type: 'object',
              required: ['type', 'number'],
              additionalProperties: false,
              properties: { type: text(40), number: text(40) },
            },
          },
        },
      },
    }),
  ];
}

const callerOf = (call: Call): Caller => call.caller as Caller;
const unmasked = (call: Call): boolean => call.query.unmasked === 'yes';
const how = (call: Call, what: string): string => (unmasked(call) ? `${what}, numbers unmasked` : what);
const look = (call: Call, action: 'read' | 'update' | 'search', what: string, resident: bigint | null = null): void =>
  call.look({ action, what, resident, ground });
/** Nothing was looked at, and the audit says that somebody tried. */
const missed = (call: Call, what: string): Refusal => {
  look(call, 'read', `${what}, none such`);
  return refuse('HT-INPUT-004');
};

async function summary(door: ReviewDoor, call: Call): Promise<Reply> {
  look(call, 'read', 'master index in figures');
  return { body: await identitySummary(door) };
}

async function list(door: ReviewDoor, call: Call): Promise<Reply | Refusal> {
  const after = readCursor(call.query.after);
  const state = (call.query.state ?? 'open') as PairState;
  if (after === undefined || !states.includes(state)) return refuse('HT-INPUT-001');
  const limit = Math.min(Math.max(Number.parseInt(call.query.limit ?? '50', 10) || 50, 1), 200);
  look(call, 'search', 'review queue');
  return { body: await pageOfPairs(door, { state, reason: call.query.reason || null, after, limit }) };
}

async function showPair(door: ReviewDoor, call: Call, id: string): Promise<object | null> {
  const row = await pairById(door.pool, id);
  const detail = row && (await detailOfPair(door, row, callerOf(call).id, call.now, unmasked(call)));
  if (!detail) return null;
  for (const shown of new Set(detail.cards.map((card) => card.resident)))
    look(call, 'read', how(call, 'review pair'), fromPublicId(shown));
  return detail;
}

async function pair(door: ReviewDoor, call: Call): Promise<Reply | Refusal> {
  const detail = await showPair(door, call, call.params.id ?? '');
  return detail ? { body: detail } : missed(call, 'review pair');
}

async function next(door: ReviewDoor, call: Call): Promise<Reply> {
  const skip = (call.query.skip ?? '').split(',').filter((id) => /^\d{1,18}$/.test(id));
  const [row] = await pairPage(door.pool, { state: 'open', reason: null, after: null, limit: 1, skip });
  const detail = row ? await showPair(door, call, row.id) : null;
  if (!detail) look(call, 'search', 'review queue, empty');
  return { body: { pair: detail } };
}

async function decide(door: ReviewDoor, call: Call): Promise<Reply | Refusal> {
  const row = await pairById(door.pool, call.params.id ?? '');
  if (!row) return missed(call, 'review pair');
  const decision = call.body as PairDecision;
  const refusal = await decidePair(door, callerOf(call), row, decision, call.now);
  look(call, 'update', refusal ? `review pair: ${decision.decision} refused` : `review pair: ${decision.decision}`);
  if (refusal) return refuse(refusal);
  return { body: (await showPair(door, call, row.id)) ?? {} };
}

async function acted(
  call: Call,
  what: string,
  done: Promise<Awaited<ReturnType<typeof undoAct>>>,
): Promise<Reply | Refusal> {
  const outcome = await done;
  if ('refusal' in outcome) {
    look(call, 'update', `${what} refused`);
    return refuse(outcome.refusal);
  }
  look(call, 'update', what);
  for (const one of outcome.residents) look(call, 'update', what, one);
  return { body: outcome.result };
}

type Why = { reason: string; note?: string };
const idOf = (call: Call): bigint | null => fromPublicId(call.params.id ?? '');

async function undo(door: ReviewDoor, call: Call): Promise<Reply | Refusal> {
  const id = /^\d{1,18}$/.test(call.params.id ?? '') ? BigInt(call.params.id as string) : null;
  if (id === null) return missed(call, 'undo');
  return acted(call, 'identity undo', undoAct(door, callerOf(call), id, call.body as Why));
}

async function resident(door: ReviewDoor, call: Call): Promise<Reply | Refusal> {
  const id = idOf(call);
  const found = id === null ? null : await residentIdentity(door, id, unmasked(call));
  if (!found) return missed(call, 'resident identity');
  look(call, 'read', how(call, 'resident identity'), found.resident);
  return { body: found.view };
}

async function merge(door: ReviewDoor, call: Call): Promise<Reply | Refusal> {
  const { residents } = call.body as { residents: string[] };
  const [keep, other] = residents.map(fromPublicId);
  if (keep == null || other == null) return missed(call, 'identity merge');
  return acted(call, 'identity merge', mergeResidents(door, callerOf(call), [keep, other], call.body as Why, call.now));
}

async function split(door: ReviewDoor, call: Call): Promise<Reply | Refusal> {
  const id = idOf(call);
  const sources = (call.body as { sources: string[] }).sources.map(fromPublicId);
  if (id === null || sources.includes(null)) return missed(call, 'identity split');
  return acted(call, 'identity split', splitResident(door, callerOf(call), id, sources as bigint[], call.body as Why));
}

async function unlink(door: ReviewDoor, call: Call): Promise<Reply | Refusal> {
  const id = idOf(call);
  if (id === null) return missed(call, 'identity unlink');
  return acted(call, 'identity unlink', unlinkSource(door, callerOf(call), id, call.body as Why));
}

async function models(door: ReviewDoor, call: Call): Promise<Reply> {
  look(call, 'read', 'matching models');
  return { body: { items: await modelViews(door) } };
}

async function learn(door: ReviewDoor, call: Call): Promise<Reply | Refusal> {
  const made = await learnModel(door, callerOf(call).id, (call.body as Why).reason);
  look(call, 'update', 'matching model learnt');
  return 'refusal' in made ? refuse(made.refusal) : { status: 201, body: made.model };
}

async function use(door: ReviewDoor, call: Call): Promise<Reply | Refusal> {
  const made = await putModelToUse(door, call.params.version ?? '');
  look(call, 'update', 'matching model put to use');
  return 'refusal' in made ? refuse(made.refusal) : { body: made.model };
}

async function trace(door: ReviewDoor, call: Call): Promise<Reply | Refusal> {
  const asked = comparableOfQuery(
    call.body as TraceQuery,
    new Date(call.now + 8 * 3_600_000).toISOString().slice(0, 10),
  );
  look(call, 'search', 'identity trace');
  if (!suffices(asked)) return refuse('HT-IDENTITY-006');
  const { matches, skipped } = await matchPerson(door.pool, await door.model.get(door.pool), asked);
  const shown = matches.slice(0, 20);
  const sources = await sourcesOfResidents(
    door.pool,
    shown.map((match) => match.resident),
  );
  const candidates = shown.map(({ resident: id, grade, score, weight }): TraceCandidate => {
    look(call, 'search', 'identity trace', id);
    const golden = goldenRecord(sources.filter((source) => source.resident === id));
    return { resident: publicId(id), grade, score, weight, golden: maskedGolden(golden, maskOf(false)) };
  });
  return { body: { candidates, skipped } };
}

async function listTracers(door: ReviewDoor, call: Call): Promise<Reply> {
  look(call, 'read', 'institutions that may trace');
  const rows = await tracers(door.pool);
  const items = rows.map(({ institution, since, by }) => ({
    institution: institutionOf(door.directory, institution),
    since: since.toISOString(),
    by: agentName(door.directory, 'staff', by),
  }));
  return { body: { items } };
}

async function grant(door: ReviewDoor, call: Call): Promise<Reply | Refusal> {
  const { institution, allowed } = call.body as { institution: string; allowed: boolean };
  const row = door.directory.institutionByCode(institution);
  look(call, 'update', `right to trace of ${row?.code ?? 'nobody'}: ${allowed}`);
  if (!row) return refuse('HT-INPUT-004');
  await setTracer(door.pool, row.id, allowed, callerOf(call).id);
  return listTracers(door, call);
}
