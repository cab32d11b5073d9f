/**
 * Infectious-disease surveillance: a reading of the record's event feed that opens report cards, counts channels, raises and ranks signals, and keeps
 * the life of each alert. Law on the Prevention and Treatment of Infectious Diseases (2025), 国疾控监测发〔2024〕16号.
 */

import type { Route } from '../../core/access/index.ts';
import type { Directory } from '../../core/directory/index.ts';
import type { Consumer } from '../../core/events/index.ts';
import type { Identity } from '../../core/identity/index.ts';
import type { Terminology } from '../../core/terminology/index.ts';
import type { Egress } from '../../kit/egress.ts';
import type { Pool } from '../../kit/pool.ts';
import type { ReportValues } from './cards/document.ts';
import { type Chores, startChores } from './chores.ts';
import { surveillanceConsumer } from './handlers.ts';
import { type DetectionJob, startDetection } from './jobs.ts';
import { readLists } from './read-lists.ts';
import { surveillanceRoutes } from './routes.ts';
import { readBoundaries } from './watch/boundaries.ts';
import { startWatch, type WatchJob } from './watch/jobs.ts';

export type Surveillance = {
  /** Record -> cards, counts, single-case signals; in the transaction of its cursor. Rebuilds its readings from 0; what people did stays. */
  consumer: Consumer;
  routes: Route[];
  /** Starts the timers of detection, of scans, estimates and denominators, and of push-backs; `onError` hears of a failed run. */
  start(onError: (error: unknown) => void): { detection: DetectionJob; watch: WatchJob; chores: Chores };
};

/** Opens the service on its lists of diseases, syndromes and channels. */
export function openSurveillance(door: {
  pool: Pool;
  directory: Directory;
  identity: Identity;
  terminology: Terminology;
  /** The operator's boundary file (GeoJSON), where there is one. */
  boundaries?: string | null;
  /** Writes a report card as a shared document (HSDB03.02): the border's work, lent to this service. */
  writeReport(values: ReportValues): string;
  /** Where webhooks and web push may call. */
  egress: Egress;
  publicUrl: string;
}): Surveillance {
  const boundaries = door.boundaries ? readBoundaries(door.boundaries) : null;
  const lists = readLists();
  const who = (agent: string): string =>
    agent === 'platform'
      ? '平台'
      : agent.startsWith('staff ')
        ? (door.directory.staff(agent.slice(6))?.nameZh ?? agent.slice(6))
        : agent;
  return {
    consumer: surveillanceConsumer({ ...door, lists }),
    routes: surveillanceRoutes({ ...door, lists, who, boundaries }),
    start: (onError) => ({
      detection: startDetection({ ...door, lists }, onError),
      watch: startWatch({ ...door, lists }, onError),
      chores: startChores({ ...door, lists, who }, onError),
    }),
  };
}
export type { Chores } from './chores.ts';
export type { DetectionJob } from './jobs.ts';
