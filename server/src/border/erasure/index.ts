import { type Call, type Caller, type Refusal, type Reply, type Route, refuse } from '../../core/access/index.ts';
import { fromPublicId, publicId } from '../../core/identity/index.ts';
import { allowSubjects } from '../../core/store/index.ts';
import { type ErasureContext, eraseResident } from './erase.ts';
import { agree, ask, type Erasure, erasureOf, lift, newest } from './tables.ts';

/** How an erasure is shown: never whose it was once it is done. */
const shown = ({ id, resident, ...erasure }: Erasure): object => ({
  ...erasure,
  id: String(id),
  resident: erasure.state === 'asked' || erasure.state === 'erasing' ? publicId(resident) : null,
});

/**
 * Erasure of one resident's data (PIPL articles 47 and 44): asked for with a reason, agreed to by a second person, done, and proven. Answers tell
 * numbers and the SM3 hash of what is gone.
 * @param twoPersons whoever asked may not agree
 */
export function erasureRoutes(context: ErasureContext & { twoPersons: boolean }): Route[] {
  const { pool, identity } = context;
  const reason = { type: 'string', minLength: 10, maxLength: 500 };
  const common = { permission: 'record.erase' as const };
  const found = async (call: Call): Promise<Erasure | undefined> =>
    /^\d{1,18}$/.test(call.params.id ?? '') ? erasureOf(pool, call.params.id as string) : undefined;
  const look = (call: Call, action: 'delete' | 'refused' | 'search', what: string, resident?: bigint): void =>
    call.look({ action, what, ...(resident !== undefined && { resident }), ground: 'erasure' });
  return [
    {
      ...common,
      method: 'GET',
      path: '/api/erasures',
      summary: 'Erasures of residents’ data, newest first',
      async handle(call): Promise<Reply> {
        look(call, 'search', 'erasures');
        return { body: { erasures: (await newest(pool, 100)).map(shown) } };
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/api/erasures',
      summary: 'Ask for the erasure of a resident’s data',
      schema: {
        body: {
          type: 'object',
          required: ['resident', 'reason'],
          additionalProperties: false,
          properties: { resident: { type: 'string', maxLength: 13 }, reason },
        },
      },
      async handle(call): Promise<Reply | Refusal> {
        const { resident: asked, reason: why } = call.body as { resident: string; reason: string };
        const resident = fromPublicId(asked);
        if (resident === null || (await identity.sources(resident)).length === 0) {
          look(call, 'refused', 'erasure of nobody');
          return refuse('HT-INPUT-004');
        }
        const made = await ask(pool, resident, why, (call.caller as Caller).id, new Date(call.now));
        look(call, made ? 'delete' : 'refused', made ? 'erasure asked for' : 'erasure is open already', resident);
        return made ? { status: 201, body: shown(made) } : refuse('HT-ERASURE-001');
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/api/erasures/:id/agree',
      summary: 'Agree to an erasure, as a second person; then it is done',
      async handle(call): Promise<Reply | Refusal> {
        const erasure = await found(call);
        const caller = call.caller as Caller;
        if (!erasure) {
          look(call, 'refused', 'no such erasure');
          return refuse('HT-INPUT-004');
        }
        if (context.twoPersons && erasure.askedBy === caller.id) {
          look(call, 'refused', 'erasure by one person', erasure.resident);
          return refuse('HT-ERASURE-002');
        }
        if (!(await agree(pool, erasure.id, caller.id, new Date(call.now)))) {
          look(call, 'refused', 'erasure is over');
          return refuse('HT-ERASURE-003');
        }
        look(call, 'delete', 'erasure agreed to', erasure.resident);
        await eraseResident(context, erasure, {
          agent: `${caller.kind} ${caller.id}`,
          role: caller.role,
          trace: call.trace,
        });
        return { body: shown((await erasureOf(pool, String(erasure.id))) as Erasure) };
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/api/erasures/:id/lift',
      summary: 'Let institutions send data about this person again',
      async handle(call): Promise<Reply | Refusal> {
        const erasure = await found(call);
        if (!erasure || !(await lift(pool, erasure.id, (call.caller as Caller).id, new Date(call.now)))) {
          look(call, 'refused', 'erasure is not done');
          return refuse('HT-ERASURE-003');
        }
        await allowSubjects(pool, erasure.id);
        look(call, 'delete', 'erasure lifted', erasure.resident);
        return { body: shown((await erasureOf(pool, String(erasure.id))) as Erasure) };
      },
    },
  ];
}
