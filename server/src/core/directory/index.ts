import type { Pool } from '../../kit/pool.ts';
import {
  allInstitutions,
  allStaff,
  type InstitutionRow,
  type Sender,
  type StaffRow,
  upsertInstitutions,
  upsertStaff,
} from './tables.ts';

export type { InstitutionRow, Sender, StaffRow } from './tables.ts';

export type Registration = {
  code: string;
  nameZh: string;
  nameEn: string;
  tier: 1 | 2 | 3;
  kind: string;
  /** GB/T 2260 code of the district. */
  area: string;
  senders: Sender[];
};

/**
 * Institutions, staff and how each institution talks to us. Small and read on every message, so it is held in memory and
 * read again after each change; `refresh` is also called on an interval, so that two servers on one database agree.
 */
export type Directory = {
  institution(id: number): InstitutionRow | undefined;
  institutionByCode(code: string): InstitutionRow | undefined;
  institutions(): InstitutionRow[];
  /** Who speaks under these names (MSH-3, MSH-4). The facility alone decides when the application is not registered. */
  senderByName(protocol: Sender['protocol'], application: string, facility: string): InstitutionRow | undefined;
  senderByClient(clientId: string): { institution: InstitutionRow; jwks: object | null } | undefined;
  clients(): { clientId: string; institution: InstitutionRow; jwks: object | null }[];
  protocolOf(institution: number): Sender['protocol'] | null;
  staff(login: string): StaffRow | undefined;
  allStaff(): StaffRow[];
  /** Idempotent: an institution is known by its code; its senders are replaced by those given. */
  register(list: Registration[]): Promise<{ created: number; updated: number }>;
  registerStaff(list: StaffRow[]): Promise<void>;
  refresh(): Promise<void>;
};

export async function openDirectory(pool: Pool): Promise<Directory> {
  let byId = new Map<number, InstitutionRow>();
  let byCode = new Map<string, InstitutionRow>();
  let byName = new Map<string, InstitutionRow>();
  let byClient = new Map<string, { institution: InstitutionRow; jwks: object | null }>();
  let staff = new Map<string, StaffRow>();
  const nameKey = (protocol: string, application: string, facility: string): string =>
    `${protocol.startsWith('hl7v2') ? 'hl7v2' : protocol}\u0000${application}\u0000${facility}`;

  const refresh = async (): Promise<void> => {
    const rows = await allInstitutions(pool);
    byId = new Map(rows.map((row) => [row.id, row]));
    byCode = new Map(rows.map((row) => [row.code, row]));
    byName = new Map();
    byClient = new Map();
    for (const row of rows)
      for (const sender of row.senders) {
        if (sender.facility) {
          byName.set(nameKey(sender.protocol, sender.application ?? '', sender.facility), row);
          byName.set(nameKey(sender.protocol, '', sender.facility), row);
        }
        if (sender.clientId) byClient.set(sender.clientId, { institution: row, jwks: sender.jwks ?? null });
      }
    staff = new Map((await allStaff(pool)).map((row) => [row.login, row]));
  };
  await refresh();

  return {
    refresh,
    institution: (id) => byId.get(id),
    institutionByCode: (code) => byCode.get(code),
    institutions: () => [...byId.values()],
    senderByName: (protocol, application, facility) =>
      byName.get(nameKey(protocol, application, facility)) ?? byName.get(nameKey(protocol, '', facility)),
    senderByClient: (clientId) => byClient.get(clientId),
    clients: () => [...byClient].map(([clientId, value]) => ({ clientId, ...value })),
    protocolOf: (institution) => byId.get(institution)?.senders[0]?.protocol ?? null,
    staff: (login) => staff.get(login),
    allStaff: () => [...staff.values()],
    async register(list) {
      const result = await upsertInstitutions(pool, list);
      await refresh();
      return result;
    },
    async registerStaff(list) {
      await upsertStaff(pool, list);
      await refresh();
    },
  };
}
