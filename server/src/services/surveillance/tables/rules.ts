import type { BackTest, RuleScope, RuleSettings } from '@hutong/contract/watch.ts';
import type { Client, Queryable } from '../../../kit/pool.ts';

export type RuleRow = RuleScope & {
  id: number;
  version: number;
  settings: RuleSettings;
  note: string | null;
  backTest: BackTest | null;
  agent: string;
  at: Date;
};
export type RuleActRow = {
  act: 'enable' | 'disable' | 'undo';
  rule: number | null;
  version: number | null;
  reason: string;
  agent: string;
  role: string;
  at: Date;
};
const columns =
  'r.id, r.channel, r.topic, r.area, r.version, r.settings, r.note, r.back_test as "backTest", r.agent, r.at';
const scopeOf = ({ channel, topic, area }: RuleScope): string[] => [channel, topic, area];

/** Serialises changes of one scope within a transaction. */
export async function lockScope(client: Client, scope: RuleScope): Promise<void> {
  await client.query('select pg_advisory_xact_lock(hashtext($1))', [`surveillance rule ${scopeOf(scope).join(' ')}`]);
}

export async function saveRule(
  client: Client,
  scope: RuleScope,
  settings: RuleSettings,
  note: string | null,
  backTest: BackTest | null,
  agent: string,
  at: Date,
): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `insert into surveillance.rule (channel, topic, area, version, settings, note, back_test, agent, at)
     select $1, $2, $3, coalesce(max(version), 0) + 1, $4, $5, $6, $7, $8 from surveillance.rule where channel = $1 and topic = $2 and area = $3 returning id`,
    [...scopeOf(scope), JSON.stringify(settings), note, backTest && JSON.stringify(backTest), agent, at],
  );
  return (rows[0] as { id: number }).id;
}

export async function ruleBy(db: Queryable, id: number): Promise<RuleRow | null> {
  const { rows } = await db.query<RuleRow>(`select ${columns} from surveillance.rule r where id = $1`, [id]);
  return rows[0] ?? null;
}
export async function rulesOf(db: Queryable, scope: RuleScope): Promise<RuleRow[]> {
  const { rows } = await db.query<RuleRow>(
    `select ${columns} from surveillance.rule r where channel = $1 and topic = $2 and area = $3 order by version desc`,
    scopeOf(scope),
  );
  return rows;
}
export async function rulesInForce(db: Queryable): Promise<RuleRow[]> {
  const { rows } = await db.query<RuleRow>(
    `select ${columns} from surveillance.rule_in_force f join surveillance.rule r on r.id = f.rule order by r.channel, r.topic, r.area`,
  );
  return rows;
}
/** The newest version of every scope where it is not the one in force. */
export async function drafts(db: Queryable): Promise<RuleRow[]> {
  const { rows } = await db.query<RuleRow>(
    `select * from (select distinct on (channel, topic, area) ${columns} from surveillance.rule r order by channel, topic, area, version desc) r
     where not exists (select 1 from surveillance.rule_in_force f where f.rule = r.id) order by r.at desc limit 100`,
  );
  return rows;
}
export async function ruleActsOf(db: Queryable, scope: RuleScope): Promise<RuleActRow[]> {
  const { rows } = await db.query<RuleActRow>(
    `select a.act, a.rule, r.version, a.reason, a.agent, a.role, a.at from surveillance.rule_act a left join surveillance.rule r on r.id = a.rule
     where a.channel = $1 and a.topic = $2 and a.area = $3 order by a.seq`,
    scopeOf(scope),
  );
  return rows;
}
export async function addRuleAct(client: Client, scope: RuleScope, act: Omit<RuleActRow, 'version'>): Promise<void> {
  await client.query(
    'insert into surveillance.rule_act (channel, topic, area, act, rule, reason, agent, role, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [...scopeOf(scope), act.act, act.rule, act.reason, act.agent, act.role, act.at],
  );
}
/** @param rule null: the platform's own method again */
export async function setInForce(client: Client, scope: RuleScope, rule: number | null): Promise<void> {
  if (rule === null)
    await client.query(
      'delete from surveillance.rule_in_force where channel = $1 and topic = $2 and area = $3',
      scopeOf(scope),
    );
  else
    await client.query(
      'insert into surveillance.rule_in_force (channel, topic, area, rule) values ($1, $2, $3, $4) on conflict (channel, topic, area) do update set rule = $4',
      [...scopeOf(scope), rule],
    );
}

export type JudgedSignal = { area: string; from: string; to: string; outcome: 'outbreak' | 'excluded' };
/** What people found signals of a topic to be: the only truth about the past that there is. */
export async function judgedSignals(
  db: Queryable,
  channel: string,
  topic: string,
  from: string,
): Promise<JudgedSignal[]> {
  const { rows } = await db.query<JudgedSignal>(
    `select s.area, s.window_from::text as "from", s.window_to::text as "to", case when a.act = 'exclude' then 'excluded' else 'outbreak' end as outcome
     from surveillance.signal s join surveillance.signal_act a on a.signal = s.id
     where s.channel = $1 and s.topic = $2 and s.window_to >= $3
       and (a.act = 'exclude' or (a.act = 'answer' and a.reason in ('outbreak-controlled', 'handed-over-as-emergency')))`,
    [channel, topic, from],
  );
  return rows;
}
