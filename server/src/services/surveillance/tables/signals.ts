import type { Client, Queryable } from '../../../kit/pool.ts';
import type { Evidence, SignalLife, SignalState, SignalStep } from '../model.ts';
import { addDeliveries } from './notify.ts';

export type SignalRow = {
  id: string;
  rule: 'single-case' | 'statistical';
  channel: string;
  topic: string;
  area: string;
  from: string;
  to: string;
  formed: Date;
  evidenceAt: Date;
  due: Date;
  evidence: Evidence;
  score: number;
  cards: bigint[];
  state: SignalState;
  step: SignalStep;
  version: number;
};
type Raw = Omit<SignalRow, 'cards'> & { cards: string[] };
const columns = `id, rule, channel, topic, area, window_from::text as "from", window_to::text as "to", formed, evidence_at as "evidenceAt", due, evidence, score, cards::text[], state, step, version`;
const toSignal = (row: Raw): SignalRow => ({ ...row, cards: row.cards.map(BigInt) });

/** The last signal about this cell that is still open, or was formed within the 7 days in which it is not raised again. */
export async function recentSignal(
  client: Client,
  rule: string,
  channel: string,
  topic: string,
  area: string,
  at: Date,
): Promise<SignalRow | null> {
  const { rows } = await client.query<Raw>(
    `select ${columns} from surveillance.signal where channel = $1 and topic = $2 and area = $3 and rule = $5 and (state <> 'answered' or formed > $4::timestamptz - interval '7 days') order by (state <> 'answered') desc, formed desc limit 1 for update`,
    [channel, topic, area, at, rule],
  );
  return rows[0] ? toSignal(rows[0]) : null;
}

/** Signals that nobody has answered yet. */
export async function openSignals(db: Queryable): Promise<SignalRow[]> {
  const { rows } = await db.query<Raw>(`select ${columns} from surveillance.signal where state <> 'answered'`);
  return rows.map(toSignal);
}

/** Whether some single-case signal already speaks of one of these findings: after a replay nothing is raised twice. */
export async function signalOfKeys(client: Client, topic: string, keys: bigint[]): Promise<boolean> {
  const { rows } = await client.query(
    `select 1 from surveillance.signal where rule = 'single-case' and topic = $1 and cards && $2::int8[] limit 1`,
    [topic, keys.map(String)],
  );
  return rows.length > 0;
}

export async function insertSignal(
  client: Client,
  signal: Omit<SignalRow, 'version' | 'state' | 'step' | 'evidenceAt'>,
): Promise<void> {
  const { rowCount } = await client.query(
    `insert into surveillance.signal (id, rule, channel, topic, area, window_from, window_to, formed, evidence_at, due, evidence, score, cards, state, step)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12, 'passed', 'verify') on conflict (id) do nothing`,
    [
      signal.id,
      signal.rule,
      signal.channel,
      signal.topic,
      signal.area,
      signal.from,
      signal.to,
      signal.formed,
      signal.due,
      JSON.stringify(signal.evidence),
      signal.score,
      signal.cards.map(String),
    ],
  );
  if (!rowCount) return;
  await addDeliveries(client, {
    event: 'signal-formed',
    at: signal.formed,
    title: { zh: signal.evidence.zh, en: signal.evidence.en },
    area: signal.area,
    institution: null,
    path: `/signals/${signal.id}`,
  });
  // The chain of the law begins with two steps that no hand makes: formed, and passed to the inbox of the area.
  for (const act of ['form', 'pass'])
    await addSignalAct(client, signal.id, {
      act,
      reason: signal.rule,
      note: null,
      agent: 'platform',
      role: 'platform',
      at: signal.formed,
    });
}

/** Newer evidence for a signal that is still open. */
export async function renewSignal(
  client: Client,
  id: string,
  evidence: Evidence,
  score: number,
  to: string,
  cards: bigint[],
  at: Date,
): Promise<void> {
  await client.query(
    'update surveillance.signal set evidence = $2, score = $3, window_to = greatest(window_to, $4::date), cards = $5, evidence_at = $6 where id = $1',
    [id, JSON.stringify(evidence), score, to, cards.map(String), at],
  );
}

export type SignalActRow = {
  act: string;
  reason: string | null;
  note: string | null;
  agent: string;
  role: string;
  at: Date;
};

export async function addSignalAct(
  client: Client,
  signal: string,
  { act, reason, note, agent, role, at }: SignalActRow,
): Promise<void> {
  await client.query(
    'insert into surveillance.signal_act (signal, act, reason, note, agent, role, at) values ($1, $2, $3, $4, $5, $6, $7)',
    [signal, act, reason, note, agent, role, at],
  );
}
export async function signalActsOf(db: Queryable, signal: string): Promise<SignalActRow[]> {
  const { rows } = await db.query<SignalActRow>(
    'select act, reason, note, agent, role, at from surveillance.signal_act where signal = $1 order by seq',
    [signal],
  );
  return rows;
}

/** @returns false when somebody else has acted since `version` was read */
export async function setSignalLife(
  client: Client,
  id: string,
  version: number,
  life: SignalLife,
  due: Date,
): Promise<boolean> {
  const { rowCount } = await client.query(
    'update surveillance.signal set state = $3, step = $4, due = $5, version = version + 1 where id = $1 and version = $2',
    [id, version, life.state, life.step, due],
  );
  return (rowCount ?? 0) > 0;
}

export async function signalBy(db: Queryable, id: string): Promise<SignalRow | null> {
  const { rows } = await db.query<Raw>(`select ${columns} from surveillance.signal where id = $1`, [id]);
  return rows[0] ? toSignal(rows[0]) : null;
}

/** Ranked: open ones by score, then the answered, newest first. Both halves are read by an index and only as far as the page reaches. */
export async function signalPage(
  db: Queryable,
  filter: { state: string | null; area: string | null; channel: string | null; limit: number; offset: number },
): Promise<{ rows: SignalRow[]; total: number; open: number; overdue: number }> {
  const { state, area, channel, limit, offset } = filter;
  const values: unknown[] = [];
  const given = (value: unknown): string => `$${values.push(value)}`;
  const open = `state in ('passed', 'acknowledged')`;
  const where = [
    ...(state === null || state === 'open' ? [] : [`state = ${given(state)}`]),
    ...(area === null ? [] : [`area = ${given(area)}`]),
    ...(channel === null ? [] : [`channel = ${given(channel)}`]),
  ];
  const all = (...more: string[]): string => [...where, ...more].join(' and ') || 'true';
  const half = (part: number, wanted: string, order: string): string =>
    `(select ${columns}, ${part} as part from surveillance.signal where ${all(wanted)} order by ${order}, id limit ${limit + offset})`;
  const halves = [
    ...(state === 'answered' ? [] : [half(0, open, 'score desc, formed desc')]),
    ...(state === null || state === 'answered' ? [half(1, `state = 'answered'`, 'formed desc')] : []),
  ];
  const { rows } = await db.query<Raw>(
    `select * from (${halves.join(' union all ')}) page
     order by part, case when part = 0 then score end desc, formed desc, id limit ${limit} offset ${offset}`,
    values,
  );
  const { rows: counts } = await db.query<{ total: number; open: number; overdue: number }>(
    `select (select count(*) from surveillance.signal where ${all(...(state === 'open' ? [open] : []))}) as total,
       (select count(*) from surveillance.signal where ${open}) as open,
       (select count(*) from surveillance.signal where ${open} and due < now()) as overdue`,
    values,
  );
  return { rows: rows.map(toSignal), ...(counts[0] as { total: number; open: number; overdue: number }) };
}

/** Signals formed between two days, the most urgent first, and how many of them are still open. */
export async function signalsFormed(
  db: Queryable,
  from: string,
  to: string,
  limit: number,
): Promise<{ rows: SignalRow[]; open: number }> {
  const where = `formed >= ($1::date)::timestamp at time zone 'Asia/Shanghai' and formed < ($2::date + 1)::timestamp at time zone 'Asia/Shanghai'`;
  const { rows } = await db.query<Raw>(
    `select ${columns} from surveillance.signal where ${where} order by score desc, id limit $3`,
    [from, to, limit],
  );
  const { rows: counts } = await db.query<{ open: number }>(
    `select count(*) as open from surveillance.signal where ${where} and state <> 'answered'`,
    [from, to],
  );
  return { rows: rows.map(toSignal), open: counts[0]?.open ?? 0 };
}
