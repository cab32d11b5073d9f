import type { ExpectedVisits } from '@hutong/contract/health-code.ts';
import type { Caller, Route } from '../../../core/access/index.ts';
import type { HealthCodeDoor } from '../door.ts';
import { missingVisits, visitCounts } from './tables.ts';

/** So long an institution has to send something after a scan. */
export const visitHours = 24;
/** So far back the page looks; older rows are forgotten. */
export const visitDays = 30;
const most = 200;

/** Scans that nothing followed: without names, for whoever watches connections; staff of an institution see their own. */
export function visitRoutes({ pool, directory }: HealthCodeDoor): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/health-code/expected-visits',
      permission: 'connections.read',
      summary: 'Scans at counters and whether the institution sent anything after them',
      async handle({ caller, now }) {
        const { institution } = caller as Caller;
        const asked = {
          institution,
          since: new Date(now - visitDays * 86_400_000),
          before: new Date(now - visitHours * 3_600_000),
        };
        const nameOf = (id: number) => {
          const row = directory.institution(id);
          return { code: row?.code ?? '', nameZh: row?.nameZh ?? '', nameEn: row?.nameEn ?? '' };
        };
        const [counts, missing] = await Promise.all([
          visitCounts(pool, asked),
          missingVisits(pool, { ...asked, limit: most }),
        ]);
        const body: ExpectedVisits = {
          hours: visitHours,
          days: visitDays,
          institutions: counts.map(({ institution: id, ...figures }) => ({ institution: nameOf(id), ...figures })),
          missing: missing.map(({ at, institution: id, step, channel, kind }) => ({
            at: at.toISOString(),
            institution: nameOf(id),
            step: step as ExpectedVisits['missing'][0]['step'],
            channel: channel as ExpectedVisits['missing'][0]['channel'],
            kind,
          })),
        };
        return { body };
      },
    },
  ];
}
