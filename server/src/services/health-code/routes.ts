import type { RevocationList, ScanRequest } from '@hutong/contract/health-code.ts';
import { isRefusal, type Route, refuse } from '../../core/access/index.ts';
import { cardRoutes, scanSchema } from './card-routes.ts';
import type { HealthCodeDoor } from './door.ts';
import { residentRoutes } from './resident-routes.ts';
import { scan } from './scan.ts';
import { revokedHandles } from './tables/codes.ts';
import { visitRoutes } from './visits/routes.ts';
import { waitingRoutes } from './waiting-cards.ts';

export function healthCodeRoutes(door: HealthCodeDoor): Route[] {
  const open = { method: 'GET' as const, permission: 'public' as const };
  const public5 = { 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' };
  return [
    {
      method: 'POST',
      path: '/api/health-code/scan',
      permission: 'codes.scan',
      summary: 'Whose code this is and what may be done with it; a live code is used up',
      schema: { body: scanSchema },
      async handle(call) {
        const scanned = await scan(door, call, call.body as ScanRequest);
        return isRefusal(scanned) ? scanned : { body: scanned.answer };
      },
    },
    {
      ...open,
      path: '/api/health-code/keys',
      summary: 'Public keys that our own codes are checked with, also without a network',
      handle: async () => (door.keys ? { headers: public5, body: door.keys.published() } : refuse('HT-CODE-013')),
    },
    {
      ...open,
      path: '/api/health-code/revoked',
      summary: 'Handles whose codes are void, signed: for terminals without a network',
      async handle({ now }) {
        const { keys } = door;
        if (!keys) return refuse('HT-CODE-013');
        const handles = await revokedHandles(door.pool);
        const issuedAt = new Date(now).toISOString();
        const [signature] = await keys.sign([Buffer.from(`${keys.issuer}|${issuedAt}|${handles.join(',')}`)]);
        const body: RevocationList = {
          issuer: keys.issuer,
          issuedAt,
          keyId: keys.keyId,
          handles,
          signature: Buffer.from(signature as Uint8Array).toString('hex'),
        };
        return { headers: { ...public5, 'cache-control': 'public, max-age=60' }, body };
      },
    },
    ...cardRoutes(door),
    ...waitingRoutes(door),
    ...visitRoutes(door),
    ...residentRoutes(door),
  ];
}
