import type { ExchangeKind } from '@hutong/contract/surveillance.ts';
import type { CardsDoor } from '../cards/door.ts';
import { dayOf } from '../decide.ts';
import { openPerson } from '../follow-up/persons.ts';
import { areaName, topicName } from '../places.ts';
import type { AgreementRow } from '../tables/exchange.ts';
import { keyItems } from '../tables/key-items.ts';
import { signalPage } from '../tables/signals.ts';

type Row = Record<string, string>;
const most = 1000;

/** What a department may have of a kind now: key people and places in care, and signals that are held to be suspected events. Only agreed fields. */
export async function outgoing(
  door: CardsDoor,
  agreement: AgreementRow,
  kind: ExchangeKind,
  today: string,
  since: string,
): Promise<Row[]> {
  const required = door.lists.exchangeFields.filter((field) => field.kind === kind && field.required);
  const allowed = new Set([...agreement.fields, ...required.map(({ code }) => code)]);
  const trim = (row: Record<string, string | null>): Row =>
    Object.fromEntries(
      Object.entries(row).filter((pair): pair is [string, string] => allowed.has(pair[0]) && Boolean(pair[1])),
    );
  if (kind === 'event') {
    const { rows } = await signalPage(door.pool, { state: null, area: null, channel: null, limit: most, offset: 0 });
    return rows
      .filter(
        ({ step, to, state }) => (step === 'suspected' || step === 'field' || state === 'answered') && to >= since,
      )
      .map((signal) =>
        trim({
          key: signal.id,
          topic: topicName(door.lists, signal.channel, signal.topic).zh,
          area: signal.area,
          day: signal.to,
          count: String(signal.evidence.observed),
          reason: `${areaName(signal.area, signal.to).zh}：${signal.step === 'closed' ? '已结案' : '疑似事件处置中'}`,
        }),
      );
  }
  const { rows } = await keyItems(door.pool, { kind, state: 'open', reach: '', today, limit: most });
  return rows
    .filter(({ source, createdAt }) => source === 'cdc' && dayOf(createdAt.getTime()) >= since)
    .map((item) => {
      const person = item.sealed ? openPerson(door.pool, item.sealed, 'surveillance.key_item.sealed') : null;
      return trim({
        key: item.id,
        name: person?.name ?? item.label,
        number: person?.number ?? null,
        phone: person?.phone ?? null,
        category: item.category,
        area: item.area,
        day: dayOf(item.createdAt.getTime()),
        reason: item.reason,
      });
    });
}
