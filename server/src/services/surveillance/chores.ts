import { type Client, inTransaction } from '../../kit/pool.ts';
import { cardId } from './cards/detail.ts';
import type { CardsDoor } from './cards/door.ts';
import { personOf } from './cards/people.ts';
import { sealFields } from './cards/seal.ts';
import { dayOf } from './decide.ts';
import { enqueue } from './notify/enqueue.ts';
import { type SenderDoor, sendDue } from './notify/sender.ts';
import { plainActs, renewPeople, sealAct, unreadResidents } from './tables/cards.ts';
import { completeContacts } from './tables/contacts.ts';
import { addPushBack, type PushBack, pushBacksDue } from './tables/push-backs.ts';

const everyMs = 5_000;
const lockNumber = 0x53555243;
const dayMs = 86_400_000;
/** Limits that passed longer ago are history when the platform first reads them. */
const newsDays = 7;
const batch = 200;

export type Chores = {
  /** Does everything that is due at `now`, once. */
  runNow(now: Date): Promise<void>;
  stop(): Promise<void>;
};

/**
 * What time alone brings about: cards past their limit go back to whoever has to report them. Also brings rows of an older layout up to
 * date. One server at a time.
 */
export function startChores(door: CardsDoor & SenderDoor, onError: (error: unknown) => void): Chores {
  let running: Promise<unknown> = Promise.resolve();
  const runNow = async (now: Date): Promise<void> => {
    await inTransaction(door.pool, async (client) => {
      const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [
        lockNumber,
      ]);
      if (!rows[0]?.mine) return;
      for (const push of await pushBacksDue(client, now, new Date(now.getTime() - newsDays * dayMs)))
        await pushBack(door, client, push, now);
      await completeContacts(client, dayOf(now.getTime()));
    });
    await renewOldRows(door);
    while ((await sendDue(door, now)) > 0);
  };
  const look = (): void => {
    running = running.then(() => runNow(new Date())).catch(onError);
  };
  const timer = setInterval(look, everyMs);
  timer.unref();
  return {
    runNow,
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/** The card goes back, and whoever subscribed in the hospital (the second time in the CDC too) is told of the disease and the delay, not of the person. */
async function pushBack(door: CardsDoor, client: Client, push: PushBack, now: Date): Promise<void> {
  await addPushBack(client, push, now);
  const disease = door.lists.diseases.findLast(({ code }) => code === push.disease);
  await enqueue(client, {
    event: push.step === 1 ? 'card-missed' : 'card-missed-again',
    at: now,
    title: {
      zh: `${disease?.zh ?? ''}超时未报，请核对报告卡`,
      en: `${disease?.en ?? ''}: the report is past its limit`,
    },
    area: door.directory.institution(push.institution)?.area ?? null,
    institution: push.institution,
    path: `/report-cards/${cardId(push)}`,
  });
}

/** Rows from before people stood on cards and before answers were sealed, a few hundred at a time. */
async function renewOldRows(door: CardsDoor): Promise<void> {
  const residents = await unreadResidents(door.pool, batch);
  const people = await Promise.all(
    residents.map(async (resident) => [resident, personOf(await door.identity.sources(resident))] as const),
  );
  await renewPeople(door.pool, new Map(people));
  for (const { seq, fields } of await plainActs(door.pool, batch))
    await sealAct(door.pool, seq, sealFields(door.pool, fields));
}
