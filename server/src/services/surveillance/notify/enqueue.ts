import type { NotifyEvent } from '@hutong/contract/surveillance.ts';
import type { Queryable } from '../../../kit/pool.ts';
import { addDeliveries } from '../tables/notify.ts';

export type Told = {
  event: NotifyEvent;
  at: Date;
  title: { zh: string; en: string };
  area: string | null;
  /** Only people of this institution, where the news is for one institution. */
  institution: number | null;
  path: string;
};

/** Tells subscribers: in the transaction of what is told, so nothing is told that did not happen and nothing that happened is forgotten. */
export const enqueue = (db: Queryable, told: Told): Promise<void> => addDeliveries(db, told);
