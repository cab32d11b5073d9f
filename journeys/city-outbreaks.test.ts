import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CityMessage } from '../city/messages/message.ts';
import type { CityOptions } from '../city/options.ts';
import { readOptions } from '../city/options.ts';
import type { OutbreakKind } from '../city/outbreaks/orders.ts';
import { residentAt } from '../city/people/households.ts';
import { dayOf, isoDate, timeOn } from '../city/time.ts';
import type { SignalInbox, SignalSummary } from '../contract/surveillance.ts';
import { openDirectory } from '../server/src/core/directory/index.ts';
import { detect } from '../server/src/services/surveillance/detection.ts';
import { readLists } from '../server/src/services/surveillance/read-lists.ts';
import { type TestPlatform, testPlatform } from '../server/test/platform.ts';
import { openBrowser } from './browser.ts';
import { type CityByDays, cityByDays } from './city-by-days.ts';
import { openAs, takeAlertToItsEnd } from './pages.ts';

const now = Date.now();
const today = dayOf(now);
/** `HUTONG_FULL=1` lives the six weeks of a whole season (minutes); else the season begins 24 days before today. */
const whole = process.env.HUTONG_FULL === '1';
/** The measles import stands a serial interval before today, so that its first message is news and its second generation is still to be seen. */
const measles = { kind: 'measles', start: isoDate(today - 15) } as const;
const season = whole ? 'influenza' : ({ kind: 'influenza', start: isoDate(today - 24) } as const);
const options: CityOptions = {
  until: new Date(now).toISOString(),
  size: 1_000,
  seed: 1,
  days: whole ? 90 : 66,
  outbreaks: [season, measles, 'pneumonia', 'norovirus'],
};
const kinds = readOptions(options).outbreaks.map(({ kind }) => kind);
/** What a signal about each outbreak may be called: the disease, or the syndrome that it begins as. */
const topics: Record<OutbreakKind, string[]> = {
  influenza: ['influenza', 'influenza-like', 'fever'],
  measles: ['measles', 'rash'],
  pneumonia: ['unexplained-pneumonia', 'severe-pneumonia'],
  norovirus: ['infectious-diarrhoea', 'diarrhoea'],
};
/** Days from the first case that a hospital tells of to the top of the inbox. A season has no first day: its slope has to be seen. */
const most: Record<OutbreakKind, number> = { measles: 0, pneumonia: 0, norovirus: 2, influenza: 21 };
const atOnce: OutbreakKind[] = ['measles', 'pneumonia'];

let platform: TestPlatform;
let browser: Browser;
let city: CityByDays;
let page: Page;
let inboxAs: (path: string, init?: RequestInit) => Promise<Response>;

/** `told`: who of an outbreak a hospital has told of, on which day, living where. */
type Story = { kind: OutbreakKind; firstDay: number; told: Map<number, { day: number; area: string }> };
type Found = Story & { day: number; cases: number; own: number; signal: SignalSummary; seconds: number | null };

beforeAll(async () => {
  expect(existsSync(join(import.meta.dirname, '../web/console/dist/index.html'))).toBe(true);
  platform = await testPlatform();
  city = await cityByDays(platform, options);
  inboxAs = await platform.staff('epidemiologist');
  browser = await openBrowser();
  ({ page } = await openAs(browser, platform.base, 'epidemiologist', '/signals', 'zh'));
});
afterAll(async () => {
  await browser?.close();
  await platform?.close();
});

const inbox = async (): Promise<SignalSummary[]> =>
  ((await (await inboxAs('/api/surveillance/signals?state=open')).json()) as SignalInbox).items;

/** Notes who of an outbreak has been told of; answers with the outbreaks of which this is the first word. */
function follow(stories: Map<OutbreakKind, Story>, day: number, messages: readonly CityMessage[]): OutbreakKind[] {
  const fresh: OutbreakKind[] = [];
  for (const { truth } of messages) {
    const kind = truth.outbreak as OutbreakKind | null;
    if (!kind) continue;
    const story = stories.get(kind) ?? { kind, firstDay: day, told: new Map() };
    if (!stories.has(kind)) fresh.push(kind);
    stories.set(kind, story);
    const { area } = residentAt(options.seed as number, truth.resident).address;
    if (!story.told.has(truth.resident)) story.told.set(truth.resident, { day, area });
  }
  return fresh;
}

/** How many of the cases that a signal counts are the outbreak's. A signal is the outbreak's when they are half of it at least: the rest is a usual winter. */
function ownCases({ told }: Story, { area }: SignalSummary, day: number): number {
  const near = (one: { day: number; area: string }): boolean => area.code === 'region' || one.area === area.code;
  return [...told.values()].filter((one) => one.day > day - 7 && near(one)).length;
}

/** Sends the first word of an outbreak alone and measures until the inbox shows it. */
async function sendAndWait(messages: readonly CityMessage[], kind: OutbreakKind): Promise<number | null> {
  const sentAt = Date.now();
  await city.send(messages);
  for (;;) {
    if ((await inbox()).some(({ topic }) => topics[kind].includes(topic.code))) return (Date.now() - sentAt) / 1_000;
    if (Date.now() - sentAt > 10_000) return null;
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** From the first row of the inbox to the end of the alert's life, by clicks. */
async function close(signal: SignalSummary): Promise<void> {
  await page.goto(`${platform.base}/signals`);
  const first = page.locator('tbody tr').first();
  await first.waitFor();
  expect(await first.textContent()).toContain(`${signal.topic.zh} · ${signal.area.zh}`);
  await first.getByRole('link').first().click();
  await takeAlertToItsEnd(page);
}

async function exclude(signal: SignalSummary): Promise<void> {
  for (const act of [{ act: 'acknowledge' }, { act: 'exclude', reason: 'known-cluster' }]) {
    const { version } = (await (await inboxAs(`/api/surveillance/signals/${signal.id}`)).json()) as SignalSummary;
    const answer = await inboxAs(`/api/surveillance/signals/${signal.id}/act`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...act, version }),
    });
    expect(answer.status).toBe(200);
  }
}

test('outbreaks of the city, lived day by day, are each found, ranked first, verified and closed by clicks', {
  timeout: 1_200_000,
}, async () => {
  const door = { pool: platform.pool, directory: await openDirectory(platform.pool), lists: readLists() };
  const stories = new Map<OutbreakKind, Story>();
  const found = new Map<OutbreakKind, Found>();
  const seconds = new Map<OutbreakKind, number | null>();
  const raised = new Set<string>();
  const firstWatched = Math.min(...readOptions(options).outbreaks.map(({ startDay }) => startDay));
  await city.send([...city.days].filter(([day]) => day < firstWatched).flatMap(([, messages]) => messages));
  for (let day = firstWatched; day <= today; day++) {
    const messages = city.days.get(day) ?? [];
    for (const kind of atOnce) {
      const first = stories.has(kind) ? -1 : messages.findIndex(({ truth }) => truth.outbreak === kind);
      if (first < 0) continue;
      const visit = messages[first]?.truth.visit;
      const its = messages.filter(({ truth }) => truth.visit === visit);
      await city.send(messages.slice(0, first));
      seconds.set(kind, await sendAndWait(its, kind));
      messages.splice(0, messages.length, ...messages.slice(first).filter((message) => !its.includes(message)));
      follow(stories, day, its);
    }
    await city.send(messages);
    follow(stories, day, messages);
    const run = await detect(door, new Date(day === today ? now : timeOn(day, 1_439)));
    for (const id of run.raised) raised.add(id);
    // Whoever is on duty works from the top of the inbox: an outbreak's first signal is closed by clicks, a later one as a known cluster.
    for (let [top] = await inbox(); top; [top] = await inbox()) {
      const { topic, observed } = top;
      const story = [...stories.values()].find((one) => topics[one.kind].includes(topic.code));
      const own = story ? ownCases(story, top, day) : 0;
      if (!story || own === 0 || (!found.has(story.kind) && own * 2 < observed)) break;
      if (found.has(story.kind)) {
        await exclude(top);
        continue;
      }
      found.set(story.kind, {
        ...story,
        day,
        cases: story.told.size,
        own,
        signal: top,
        seconds: seconds.get(story.kind) ?? null,
      });
      await close(top);
    }
  }
  for (const { kind, firstDay, day, cases, own, signal, seconds: s } of found.values())
    console.log(
      `${kind}: first word ${isoDate(firstDay)}, first in the inbox ${isoDate(day)} (${day - firstDay} days, ${cases} people by then, ${own} of them in this signal)${s === null ? '' : `, ${s.toFixed(1)} s after the message`}: ${signal.reason.zh}`,
    );
  console.log(
    `signals of counts in ${today - firstWatched + 1} days: ${raised.size}; open at the end: ${(await inbox()).length}`,
  );
  expect([...found.keys()].sort()).toEqual([...kinds].sort());
  for (const { kind, firstDay, day } of found.values())
    expect(day - firstDay, `days to the detection of ${kind}`).toBeLessThanOrEqual(most[kind]);
  for (const kind of atOnce) expect(seconds.get(kind), `${kind} within 10 seconds`).toBeLessThanOrEqual(10);
});
