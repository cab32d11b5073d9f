import type { BackTest, RuleList, RulePage, RuleScope, RuleSettings, RuleVersion } from '@hutong/contract/watch.ts';
import { type Call, type Caller, may, type Refusal, type Reply, refuse } from '../../../core/access/index.ts';
import { inTransaction } from '../../../kit/pool.ts';
import { dayOf } from '../decide.ts';
import { areaName, channelName, type Named, topicName, wholeRegion } from '../places.ts';
import type { SurveillanceDoor } from '../routes.ts';
import {
  addRuleAct,
  drafts,
  judgedSignals,
  lockScope,
  type RuleRow,
  ruleActsOf,
  ruleBy,
  rulesInForce,
  rulesOf,
  saveRule,
  setInForce,
} from '../tables/rules.ts';
import { backTest, toBackTest } from './back-test.ts';
import { ruleMethods, settingsProblem } from './rule-methods.ts';
import { everyArea, scopeSeries } from './series.ts';
import { readTiles } from './tiles.ts';
import { numberOfDay } from './weeks.ts';

const tiles = readTiles();
const breathe = (): Promise<void> => new Promise((done) => setImmediate(done));

const nameOfScope = (area: string, day: string): Named =>
  area === everyArea ? { zh: '各区县分别判断', en: 'every area by itself' } : areaName(area, day);

function versionOf(door: SurveillanceDoor, row: RuleRow, inForce: boolean): RuleVersion {
  const { id, channel, topic, area, version, settings, note, agent, at, backTest: test } = row;
  return {
    id: String(id),
    channel,
    topic,
    area,
    version,
    settings,
    note,
    who: door.who(agent),
    at: at.toISOString(),
    backTest: test,
    inForce,
  };
}

/** Channels, topics and areas that can be ruled, and the rules there are. */
export async function ruleList(door: SurveillanceDoor, { now }: Call): Promise<Reply> {
  const day = dayOf(now);
  const [active, open] = await Promise.all([rulesInForce(door.pool), drafts(door.pool)]);
  const named = (row: RuleRow, inForce: boolean) => ({
    ...versionOf(door, { ...row, backTest: null }, inForce),
    topicName: { code: row.topic, ...topicName(door.lists, row.channel, row.topic) },
    areaName: { code: row.area, ...nameOfScope(row.area, day) },
  });
  const body: RuleList = {
    inForce: active.map((row) => named(row, true)),
    drafts: open.map((row) => named(row, false)),
    topics: door.lists.topics.flatMap(({ channel, code, zh, en }) =>
      door.lists.channels.find((row) => row.code === channel)?.measure === 'count'
        ? [{ channel, code, zh, en, channelName: channelName(door.lists, channel) }]
        : [],
    ),
    areas: [everyArea, wholeRegion, ...tiles.map(({ area }) => area)].map((code) => ({
      code,
      ...nameOfScope(code, day),
    })),
    methods: ruleMethods,
  };
  return { body };
}

function scopeProblem(door: SurveillanceDoor, { channel, topic, area }: RuleScope): { zh: string; en: string } | null {
  const about = door.lists.channels.find(({ code }) => code === channel);
  if (about?.measure !== 'count' || !door.lists.topics.some((row) => row.channel === channel && row.code === topic))
    return { zh: '没有这个渠道或主题', en: 'There is no such channel or topic' };
  if (area !== everyArea && area !== wholeRegion && !tiles.some((tile) => tile.area === area))
    return { zh: '没有这个地区', en: 'There is no such area' };
  return null;
}

async function pageOf(door: SurveillanceDoor, call: Call, scope: RuleScope): Promise<RulePage> {
  const day = dayOf(call.now);
  const [versions, acts, active] = await Promise.all([
    rulesOf(door.pool, scope),
    ruleActsOf(door.pool, scope),
    rulesInForce(door.pool),
  ]);
  const inForce = active.find((row) => versions.some(({ id }) => id === row.id)) ?? null;
  return {
    scope,
    topicName: { code: scope.topic, ...topicName(door.lists, scope.channel, scope.topic) },
    areaName: { code: scope.area, ...nameOfScope(scope.area, day) },
    versions: versions.map((row) => versionOf(door, row, row.id === inForce?.id)),
    acts: acts.map(({ act, version, reason, agent, at }) => ({
      act,
      version,
      reason,
      who: door.who(agent),
      at: at.toISOString(),
    })),
    inForce: inForce && versionOf(door, inForce, true),
    canUndo: acts.length > 0 && beforeLastAct(acts) !== null,
    may: may(call.caller as Caller, 'surveillance.act'),
  };
}

export async function rulePage(door: SurveillanceDoor, call: Call): Promise<Reply | Refusal> {
  const { channel = '', topic = '', area = '' } = call.query;
  const scope = { channel, topic, area };
  const problem = scopeProblem(door, scope);
  return problem ? refuse('HT-INPUT-001', problem) : { body: await pageOf(door, call, scope) };
}

type TestBody = RuleScope & { settings: RuleSettings; years: number };

async function testOf(door: SurveillanceDoor, { settings, years, ...scope }: TestBody, now: number): Promise<BackTest> {
  const today = numberOfDay(dayOf(now));
  const windows = years * 52;
  const from = dayOf(now - (windows * 7 - 1) * 86_400_000);
  const [series, outcomes] = await Promise.all([
    scopeSeries(door, scope, today),
    judgedSignals(door.pool, scope.channel, scope.topic, from),
  ]);
  const result = await backTest(
    series,
    settings,
    outcomes.map((row) => ({ ...row, from: numberOfDay(row.from), to: numberOfDay(row.to) })),
    today,
    windows,
    breathe,
  );
  return toBackTest(result, (area) => areaName(area, dayOf(now)));
}

/** Tries a rule on past years; nothing is kept. */
export async function tryRule(door: SurveillanceDoor, call: Call): Promise<Reply | Refusal> {
  const body = call.body as TestBody;
  const problem = scopeProblem(door, body) ?? settingsProblem(body.settings);
  return problem ? refuse('HT-INPUT-001', problem) : { body: await testOf(door, body, call.now) };
}

/** Keeps a version with the back-test that belongs to it, made here and now: no one can enable what was not tried. */
export async function saveDraft(door: SurveillanceDoor, call: Call): Promise<Reply | Refusal> {
  const caller = call.caller as Caller;
  const { note = null, ...body } = call.body as TestBody & { note?: string };
  const problem = scopeProblem(door, body) ?? settingsProblem(body.settings);
  if (problem) return refuse('HT-INPUT-001', problem);
  const scope = { channel: body.channel, topic: body.topic, area: body.area };
  const test = await testOf(door, body, call.now);
  await inTransaction(door.pool, async (client) => {
    await lockScope(client, scope);
    await saveRule(client, scope, body.settings, note, test, `${caller.kind} ${caller.id}`, new Date(call.now));
  });
  call.look({ action: 'create', what: `rule ${scope.channel} ${scope.topic} ${scope.area}`, ground: 'public-health' });
  return { status: 201, body: await pageOf(door, call, scope) };
}

type Acts = Awaited<ReturnType<typeof ruleActsOf>>;
/** What was in force before the last act that still stands; null when no act stands. An undo takes back one act, the next undo the one before it. */
function beforeLastAct(acts: Acts): { rule: number | null } | null {
  const standing: (number | null)[] = [];
  for (const { act, rule } of acts) {
    if (act === 'undo') standing.pop();
    else standing.push(act === 'enable' ? rule : null);
  }
  return standing.length === 0 ? null : { rule: standing.at(-2) ?? null };
}

/** Enables a version, goes back to the platform's own method, or undoes the last change; always with a reason. */
export async function actOnRule(door: SurveillanceDoor, call: Call): Promise<Reply | Refusal> {
  const caller = call.caller as Caller;
  const {
    act,
    rule: id,
    reason,
    ...scope
  } = call.body as RuleScope & {
    act: 'enable' | 'disable' | 'undo';
    rule?: string;
    reason: string;
  };
  const problem = scopeProblem(door, scope);
  if (problem) return refuse('HT-INPUT-001', problem);
  const outcome = await inTransaction(door.pool, async (client): Promise<Refusal | null> => {
    await lockScope(client, scope);
    const acts = await ruleActsOf(client, scope);
    let rule: number | null = null;
    if (act === 'enable') {
      const found = await ruleBy(client, Number(id ?? 0));
      if (!found || found.channel !== scope.channel || found.topic !== scope.topic || found.area !== scope.area)
        return refuse('HT-INPUT-004');
      if (!found.backTest || found.backTest.series === 0)
        return refuse('HT-INPUT-001', {
          zh: '这一版没有通过回溯检验（方法无法判断任何序列），不能启用',
          en: 'This version has no back-test that could judge a series; it cannot be enabled',
        });
      rule = found.id;
    }
    if (act === 'undo') {
      const before = beforeLastAct(acts);
      if (!before) return refuse('HT-INPUT-001', { zh: '没有可以撤销的操作', en: 'There is nothing to undo' });
      rule = before.rule;
    }
    await setInForce(client, scope, rule);
    await addRuleAct(client, scope, {
      act,
      rule,
      reason,
      agent: `${caller.kind} ${caller.id}`,
      role: caller.role,
      at: new Date(call.now),
    });
    return null;
  });
  call.look({
    action: outcome ? 'refused' : 'update',
    what: `rule ${scope.channel} ${scope.topic} ${scope.area}: ${act}`,
    ground: 'public-health',
  });
  return outcome ?? { body: await pageOf(door, call, scope) };
}
