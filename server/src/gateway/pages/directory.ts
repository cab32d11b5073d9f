import { areaAt } from '@hutong/china';
import type { Institution } from '@hutong/contract/console.ts';
import type { Route } from '../../core/access/index.ts';
import type { Directory, Registration } from '../../core/directory/index.ts';

const sender = {
  type: 'object',
  required: ['protocol'],
  additionalProperties: false,
  properties: {
    protocol: { enum: ['hl7v2-mllp', 'hl7v2-http', 'fhir', 'cda', 'files'] },
    application: { type: 'string', maxLength: 200 },
    facility: { type: 'string', maxLength: 200 },
    clientId: { type: 'string', pattern: '^[A-Za-z0-9._:-]{1,100}$' },
    jwks: { type: 'object' },
  },
};
const institution = {
  type: 'object',
  required: ['code', 'nameZh', 'nameEn', 'tier', 'kind', 'area', 'senders'],
  additionalProperties: false,
  properties: {
    code: { type: 'string', pattern: '^[A-Za-z0-9-]{4,40}$' },
    nameZh: { type: 'string', minLength: 1, maxLength: 100 },
    nameEn: { type: 'string', minLength: 1, maxLength: 200 },
    tier: { enum: [1, 2, 3] },
    kind: { enum: ['hospital', 'maternal-child', 'tcm', 'community', 'township', 'cdc', 'laboratory'] },
    area: { type: 'string', pattern: '^\\d{6}$' },
    senders: { type: 'array', maxItems: 20, items: sender },
  },
};

/** Institutions: read by everybody who works here, registered by an operator's system or the commission. */
export function directoryRoutes(directory: Directory): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/directory/institutions',
      permission: 'directory.read',
      summary: 'Institutions',
      handle: async ({ query, now }) => {
        const day = new Date(now + 8 * 3_600_000).toISOString().slice(0, 10);
        const text = query.q?.toLowerCase() ?? '';
        const items: Institution[] = directory
          .institutions()
          .filter(
            (row) =>
              (!query.area || row.area === query.area) &&
              (!text ||
                row.nameZh.includes(text) ||
                row.nameEn.toLowerCase().includes(text) ||
                row.code.toLowerCase().includes(text)),
          )
          .map(({ id, code, nameZh, nameEn, tier, kind, area }) => {
            const found = areaAt(area, day)?.area;
            return {
              code,
              nameZh,
              nameEn,
              tier,
              kind,
              area,
              areaZh: found?.zh ?? area,
              areaEn: found?.en ?? area,
              protocol: directory.protocolOf(id),
            };
          });
        return { body: { items } };
      },
    },
    {
      method: 'POST',
      path: '/api/directory/institutions',
      permission: 'directory.write',
      summary: 'Register institutions (idempotent by code)',
      schema: {
        body: {
          type: 'object',
          required: ['institutions'],
          properties: { institutions: { type: 'array', maxItems: 2000, items: institution } },
        },
      },
      handle: async ({ body }) => ({
        body: await directory.register((body as { institutions: Registration[] }).institutions),
      }),
    },
  ];
}
