import type { InboxItem, InboxMessage } from '@hutong/contract/console.ts';
import { expect } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../server/test/platform.ts';

export type Sentence = { rule: string; path: string; zh: string; en: string };

/** A hospital that sends nonsense to a real server, and its integrator who finds it in the inbox. */
export type BadInputStand = {
  platform: TestPlatform;
  hospital: Hospital;
  integrator: (path: string, init?: RequestInit) => Promise<Response>;
  rows<T extends object>(sql: string, values?: unknown[]): Promise<T[]>;
  /** How many rows the record has, when nothing waits any more: a refused message must not change it. */
  recordSize(): Promise<object[]>;
  /** The one message with this control id, as the console opens it. */
  inbox(controlId: string): Promise<InboxMessage>;
  /** Kept, not recorded, and the inbox says why, where, and in both languages. */
  expectHeld(controlId: string, sentence: Sentence): Promise<void>;
};

export async function openBadInputStand(): Promise<BadInputStand> {
  const platform = await testPlatform();
  const hospital = await platform.hospital('bad1');
  await platform.refreshDemo();
  const integrator = await platform.staff('integrator');
  const rows = async <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> =>
    (await platform.pool.query<T>(sql, values)).rows;
  const inbox = async (controlId: string): Promise<InboxMessage> => {
    const found = await integrator(`/api/inbox?q=${encodeURIComponent(controlId)}`);
    const { items } = (await found.json()) as { items: InboxItem[] };
    expect(items.map((item) => item.controlId)).toEqual([controlId]);
    return (await (await integrator(`/api/inbox/${items[0]?.id}`)).json()) as InboxMessage;
  };
  return {
    platform,
    hospital,
    integrator,
    rows,
    inbox,
    async recordSize() {
      await platform.settled();
      return rows(
        `select (select count(*) from store.resource) as resources, (select count(*) from store.history) as former,
           (select count(*) from identity.source) as people, (select count(*) from intake.waiting) as waiting`,
      );
    },
    async expectHeld(controlId, { rule, path, zh, en }) {
      const message = await inbox(controlId);
      expect(message).toMatchObject({ state: 'held', rule, zh, en, written: [] });
      expect(message.issues).toContainEqual({ severity: 'error', rule, path, zh, en });
    },
  };
}
