import { inTransaction, type Pool } from '../../kit/pool.ts';

export type Sender = {
  protocol: 'hl7v2-mllp' | 'hl7v2-http' | 'fhir' | 'cda' | 'files';
  application?: string;
  facility?: string;
  clientId?: string;
  jwks?: object;
};

export type InstitutionRow = {
  id: number;
  code: string;
  nameZh: string;
  nameEn: string;
  tier: 1 | 2 | 3;
  kind: string;
  area: string;
  senders: Sender[];
};

export type StaffRow = { login: string; nameZh: string; nameEn: string; role: string; institution: number | null };

export async function allInstitutions(pool: Pool): Promise<InstitutionRow[]> {
  const { rows } = await pool.query<InstitutionRow>(`
    select i.id, i.code, i.name_zh as "nameZh", i.name_en as "nameEn", i.tier, i.kind, i.area,
      coalesce((select json_agg(json_build_object('protocol', s.protocol, 'application', s.application, 'facility', s.facility,
        'clientId', s.client_id, 'jwks', s.jwks) order by s.protocol)
        from directory.sender s where s.institution = i.id), '[]') as senders
    from directory.institution i order by i.code`);
  return rows;
}

export async function upsertInstitutions(
  pool: Pool,
  list: Omit<InstitutionRow, 'id'>[],
): Promise<{ created: number; updated: number }> {
  return inTransaction(pool, async (client) => {
    let created = 0;
    for (const item of list) {
      const { rows } = await client.query<{ id: number; created: boolean }>(
        `insert into directory.institution (code, name_zh, name_en, tier, kind, area) values ($1, $2, $3, $4, $5, $6)
         on conflict (code) do update set name_zh = $2, name_en = $3, tier = $4, kind = $5, area = $6, changed_at = now()
         returning id, xmax = 0 as created`,
        [item.code, item.nameZh, item.nameEn, item.tier, item.kind, item.area],
      );
      const row = rows[0] as { id: number; created: boolean };
      if (row.created) created++;
      await client.query('delete from directory.sender where institution = $1', [row.id]);
      for (const sender of item.senders)
        await client.query(
          'insert into directory.sender (institution, protocol, application, facility, client_id, jwks) values ($1, $2, $3, $4, $5, $6)',
          [
            row.id,
            sender.protocol,
            sender.application ?? '',
            sender.facility ?? '',
            sender.clientId ?? null,
            sender.jwks ? JSON.stringify(sender.jwks) : null,
          ],
        );
    }
    return { created, updated: list.length - created };
  });
}

export async function allStaff(pool: Pool): Promise<StaffRow[]> {
  const { rows } = await pool.query<StaffRow>(
    'select login, name_zh as "nameZh", name_en as "nameEn", role, institution from directory.staff where active order by login',
  );
  return rows;
}

export async function upsertStaff(pool: Pool, list: StaffRow[]): Promise<void> {
  for (const row of list)
    await pool.query(
      `insert into directory.staff (login, name_zh, name_en, role, institution) values ($1, $2, $3, $4, $5)
       on conflict (login) do update set name_zh = $2, name_en = $3, role = $4, institution = $5, active = true`,
      [row.login, row.nameZh, row.nameEn, row.role, row.institution],
    );
}
