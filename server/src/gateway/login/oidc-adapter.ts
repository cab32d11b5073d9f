import type { Queryable } from '../../kit/pool.ts';
import { errors } from './oidc-library.ts';

type Payload = Record<string, unknown> & { uid?: string; userCode?: string; grantId?: string };

/**
 * Keeps the OpenID provider's state in PostgreSQL, so that a login begun on one server may end on another. Clients are not
 * kept but looked up where they are registered: an institution registered a moment ago can ask for a token now.
 */
export function oidcAdapter(db: Queryable, findClient: (clientId: string) => Promise<object | undefined>) {
  return (model: string) => {
    const findBy = async (column: 'id' | 'uid' | 'user_code', value: string): Promise<Payload | undefined> => {
      const { rows } = await db.query<{ payload: Payload; consumed: number | null }>(
        `select payload, extract(epoch from consumed_at)::int as consumed from gateway.oidc_model where model = $1 and ${column} = $2 and expires_at > now()`,
        [model, value],
      );
      const row = rows[0];
      return row && (row.consumed === null ? row.payload : { ...row.payload, consumed: row.consumed });
    };
    return {
      async upsert(id: string, payload: Payload, expiresIn: number): Promise<void> {
        const values = [
          model,
          id,
          JSON.stringify(payload),
          payload.uid ?? null,
          payload.userCode ?? null,
          payload.grantId ?? null,
          expiresIn,
        ];
        const insert = `insert into gateway.oidc_model (model, id, payload, uid, user_code, grant_id, expires_at)
          values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7)) on conflict (model, id)`;
        if (model === 'ReplayDetection') {
          // The provider looks first and writes then; of two replays in the same moment only the row itself lets one through.
          const { rowCount } = await db.query(`${insert} do nothing`, values);
          if (rowCount === 0) throw new errors.InvalidClientAuth('client assertion tokens must only be used once');
          return;
        }
        await db.query(
          `${insert} do update set payload = $3, uid = $4, user_code = $5, grant_id = $6, expires_at = excluded.expires_at`,
          values,
        );
      },
      find: (id: string) => (model === 'Client' ? findClient(id) : findBy('id', id)),
      findByUid: (uid: string) => findBy('uid', uid),
      findByUserCode: (code: string) => findBy('user_code', code),
      async consume(id: string): Promise<void> {
        const { rowCount } = await db.query(
          'update gateway.oidc_model set consumed_at = now() where model = $1 and id = $2 and consumed_at is null',
          [model, id],
        );
        if (rowCount === 0) throw new errors.InvalidGrant('already used');
      },
      async destroy(id: string): Promise<void> {
        await db.query('delete from gateway.oidc_model where model = $1 and id = $2', [model, id]);
      },
      async revokeByGrantId(grantId: string): Promise<void> {
        await db.query('delete from gateway.oidc_model where grant_id = $1', [grantId]);
      },
    };
  };
}

export async function sweepOidcModels(db: Queryable): Promise<void> {
  await db.query('delete from gateway.oidc_model where expires_at < now()');
}
