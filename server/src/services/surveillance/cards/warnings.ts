import type { Stored } from '../../../core/store/index.ts';
import { dayOf } from '../decide.ts';
import { type CardsDoor, named } from './door.ts';

export type Warning = { zh: string; en: string };
type Json = Record<string, unknown>;
const minute = 60_000;
/** Clocks that differ by less are taken as they are. */
const toleratedSkewMs = 5 * minute;

/**
 * What was received and not taken at its word: an onset after the diagnosis, a sender's clock that runs ahead of ours, a resident without an
 * address. The card says so, because whoever reports has to put it right.
 */
export function warningsOf(
  door: Pick<CardsDoor, 'directory'>,
  stored: Stored[],
  recorded: Record<string, string | null>,
): Warning[] {
  const warnings: Warning[] = [];
  for (const row of stored) {
    const { nameZh, nameEn } = named(door.directory, row.institution);
    const resource = JSON.parse(row.body) as Json;
    const onset = typeof resource.onsetDateTime === 'string' ? resource.onsetDateTime : null;
    const said = row.occurred ?? row.recorded;
    const happened = Math.min((said ?? row.received).getTime(), row.received.getTime());
    if (onset && onset.slice(0, 10) > dayOf(happened))
      warnings.push({
        zh: `${nameZh}报来的发病日期 ${onset.slice(0, 10)} 晚于诊断，未采用，请核对`,
        en: `${nameEn} sent an onset (${onset.slice(0, 10)}) after the diagnosis; it was not used, please check`,
      });
    const ahead = (said?.getTime() ?? 0) - row.received.getTime();
    if (ahead > toleratedSkewMs)
      warnings.push({
        zh: `${nameZh}的系统时钟快约 ${Math.round(ahead / minute)} 分钟，时间按收到时刻计`,
        en: `The clock of ${nameEn} is about ${Math.round(ahead / minute)} minutes ahead; the time of arrival counts`,
      });
  }
  if (!recorded.area)
    warnings.push({
      zh: '档案中没有现住址区县，统计暂按报告单位所在区县计，请补填',
      en: 'The record has no district of residence; counts use that of the reporting unit until it is filled in',
    });
  return [...new Map(warnings.map((warning) => [warning.zh, warning])).values()];
}
