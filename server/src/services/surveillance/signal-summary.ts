import type { SignalSummary } from '@hutong/contract/surveillance.ts';
import type { Lists } from './model.ts';
import { areaName, channelName, topicName } from './places.ts';
import type { SignalRow } from './tables/signals.ts';

/** A signal as lists show it. */
export function summaryOf(door: { lists: Lists }, row: SignalRow, now: number): SignalSummary {
  const { evidence } = row;
  return {
    id: row.id,
    rule: row.rule,
    channel: { code: row.channel, ...channelName(door.lists, row.channel) },
    topic: { code: row.topic, ...topicName(door.lists, row.channel, row.topic) },
    area: { code: row.area, ...areaName(row.area, row.to) },
    from: row.from,
    to: row.to,
    formedAt: row.formed.toISOString(),
    dueAt: row.due.toISOString(),
    overdue: row.state !== 'answered' && row.due.getTime() < now,
    reason: { zh: evidence.zh, en: evidence.en },
    observed: evidence.observed,
    expected: evidence.expected,
    bound: evidence.bound,
    score: row.score,
    parts: evidence.parts,
    state: row.state,
    step: row.step,
    version: row.version,
  };
}
