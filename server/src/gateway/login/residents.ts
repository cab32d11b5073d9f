import { type Identity, publicId } from '../../core/identity/index.ts';
import type { Client, Pool, Queryable } from '../../kit/pool.ts';

/** A resident with a login of their own. `subject` is a source identity of theirs. */
export type ResidentAccount = { login: string; subject: bigint; name: string; role: 'resident'; institution: null };

export type Residents = {
  find(login: string): Promise<ResidentAccount | null>;
};

/** How long an account is believed without asking the database. */
const believedFor = 3000;
const mostBelieved = 20_000;

export function openResidents(pool: Pool, identity: Identity): Residents {
  const believed = new Map<string, { account: ResidentAccount | null; until: number }>();
  return {
    async find(login) {
      const kept = believed.get(login);
      if (kept && kept.until > Date.now()) return kept.account;
      const { rows } = await pool.query<{ subject: string }>(
        'select subject::text from gateway.resident_account where login = $1',
        [login],
      );
      const subject = rows[0] ? BigInt(rows[0].subject) : null;
      const resident = subject === null ? undefined : (await identity.residentsOf([subject])).get(subject);
      const sources = resident === undefined ? [] : await identity.sources(resident);
      const account: ResidentAccount | null =
        subject === null || sources.length === 0
          ? null
          : {
              login,
              subject,
              name: sources.find(({ name }) => name)?.name ?? publicId(subject),
              role: 'resident',
              institution: null,
            };
      if (believed.size >= mostBelieved) believed.clear();
      believed.set(login, { account, until: Date.now() + believedFor });
      return account;
    },
  };
}

/** Gives a login to a resident; an account that is there already keeps its person. @returns whose it is */
export async function linkResident(db: Queryable, login: string, subject: bigint): Promise<bigint> {
  const { rows } = await db.query<{ subject: string }>(
    `insert into gateway.resident_account (login, subject) values ($1, $2)
     on conflict (login) do update set login = excluded.login returning subject::text`,
    [login, String(subject)],
  );
  return BigInt(rows[0]?.subject ?? subject);
}

/** Takes the logins of these people away, with their passwords and sessions. In the caller's transaction. */
export async function eraseResidentAccounts(client: Client, subjects: readonly bigint[]): Promise<void> {
  const { rows } = await client.query<{ login: string }>(
    'delete from gateway.resident_account where subject = any($1::int8[]) returning login',
    [subjects.map(String)],
  );
  const logins = [rows.map(({ login }) => login)];
  await client.query('delete from gateway.session where login = any($1)', logins);
  await client.query('delete from gateway.account where login = any($1)', logins);
}
