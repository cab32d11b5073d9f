import { createHash, randomBytes } from 'node:crypto';
import type { Pool } from '../../kit/pool.ts';

export const sessionCookie = 'hutong_session';
const idleMinutes = 30;
const absoluteHours = 12;
/** How long a session is believed without asking the database: the time a logout on another server may take to arrive here. */
const believedFor = 1000;
const mostBelieved = 20_000;

const hashOf = (id: string): Buffer => createHash('sha256').update(id).digest();

/** Staff sessions in the database: half an hour idle, half a day at most. */
export type Sessions = {
  /** @returns the value for the cookie; it is not kept anywhere here */
  start(login: string): Promise<string>;
  /** @returns the login, or null when the session has ended or never was */
  find(id: string): Promise<string | null>;
  end(id: string): Promise<string | null>;
  sweep(): Promise<void>;
};

export function openSessions(pool: Pool): Sessions {
  const believed = new Map<string, { login: string; until: number }>();
  return {
    async start(login) {
      const id = randomBytes(32).toString('base64url');
      await pool.query(
        'insert into gateway.session (id_hash, login, expires_at) values ($1, $2, now() + make_interval(hours => $3))',
        [hashOf(id), login, absoluteHours],
      );
      return id;
    },
    async find(id) {
      if (!/^[\w-]{43}$/.test(id)) return null;
      const hash = hashOf(id);
      const key = hash.toString('base64');
      const kept = believed.get(key);
      if (kept && kept.until > Date.now()) return kept.login;
      const { rows } = await pool.query<{ login: string; stale: boolean }>(
        `select login, seen_at < now() - interval '1 minute' as stale from gateway.session
         where id_hash = $1 and expires_at > now() and seen_at > now() - make_interval(mins => $2)`,
        [hash, idleMinutes],
      );
      const row = rows[0];
      if (!row) {
        believed.delete(key);
        return null;
      }
      // Once a minute is enough to tell idle from busy, and keeps reading requests from writing.
      if (row.stale) await pool.query('update gateway.session set seen_at = now() where id_hash = $1', [hash]);
      if (believed.size >= mostBelieved) believed.clear();
      believed.set(key, { login: row.login, until: Date.now() + believedFor });
      return row.login;
    },
    async end(id) {
      const hash = hashOf(id);
      believed.delete(hash.toString('base64'));
      const { rows } = await pool.query<{ login: string }>(
        'delete from gateway.session where id_hash = $1 returning login',
        [hash],
      );
      return rows[0]?.login ?? null;
    },
    async sweep() {
      await pool.query(
        'delete from gateway.session where expires_at < now() or seen_at < now() - make_interval(mins => $1)',
        [idleMinutes],
      );
    },
  };
}
