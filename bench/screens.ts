import { dateOfDay } from '@hutong/epi';
import { openDirectory } from '../server/src/core/directory/index.ts';
import { openIdentity } from '../server/src/core/identity/index.ts';
import { openPool } from '../server/src/kit/pool.ts';
import { detect } from '../server/src/services/surveillance/detection.ts';
import { readLists } from '../server/src/services/surveillance/read-lists.ts';
import { startWatch } from '../server/src/services/surveillance/watch/jobs.ts';
import { loginAs } from '../server/test/login-as.ts';
import { fillCases } from './fill-cases.ts';
import { startServer } from './measured-server.ts';

type Note = (workload: string, figure: string, value: number | string, unit: string, beside?: string) => void;
const rounds = 7;
const asked = 1000;
const dayMs = 86_400_000;

/** What each screen of the CDC asks the server for, over so many cases; every answer is asked to come within a second. */
export async function screens(cases: number, note: Note): Promise<void> {
  const server = await startServer();
  const now = Date.now();
  const today = Math.floor((now + 8 * 3_600_000) / dayMs);
  const filled = await fillCases(server.databaseUrl, cases, today);
  note('screens', 'rows written', filled.rows, 'rows', `${cases} cases, ${filled.seconds.toFixed(0)} s, COPY`);
  const pool = openPool(server.databaseUrl, 'bench', 8);
  const door = { pool, directory: await openDirectory(pool), lists: readLists(), identity: openIdentity(pool) };
  let started = performance.now();
  const watch = startWatch(door, (error) => {
    throw error;
  });
  const run = await watch.runNow(new Date(now));
  await watch.stop();
  note(
    'screens',
    'scans, estimates, denominators (job)',
    ((performance.now() - started) / 1000).toFixed(1),
    's',
    `${run?.scans} diseases scanned, ${run?.estimates} estimates`,
  );
  started = performance.now();
  const detected = await detect(door, new Date(now));
  note(
    'screens',
    'detection of everything (job)',
    ((performance.now() - started) / 1000).toFixed(1),
    's',
    `${detected.series} series`,
  );
  // The directory is read again every five seconds.
  await new Promise((done) => setTimeout(done, 6000));
  const ask = await loginAs(server.base, 'epidemiologist');
  const first = async <T>(path: string): Promise<T> => (await (await ask(path)).json()) as T;
  const inbox = await first<{ items: { id: string; rule: string }[] }>(
    '/api/surveillance/signals?state=open&limit=100',
  );
  const { items: cards } = await first<{ items: { id: string }[] }>('/api/surveillance/cards?state=open');
  const rule = {
    channel: 'cases',
    topic: 'influenza',
    area: '*',
    settings: { method: 'seasonal-regression', alpha: 0.01, years: 5, fewest: 3 },
    years: 2,
  };
  const asks: [screen: string, path: string, body?: object][] = [
    ['situation', 'situation'],
    ['signals, ranked inbox', 'signals?state=open&limit=100'],
    ['signals, all', 'signals?limit=100'],
    ['signal detail', `signals/${inbox.items[0]?.id}`],
    ['report cards, open', 'cards?state=open'],
    ['report cards, all', 'cards'],
    ['report card', `cards/${cards[0]?.id}`],
    ['signal, its past years', `signals/${inbox.items[0]?.id}/past`],
    ['line list, influenza, 90 days', 'line-list?disease=influenza'],
    [
      'line list, influenza, all five years',
      `line-list?disease=influenza&from=${dateOfDay(today - 5 * 365)}&to=${dateOfDay(today)}`,
    ],
    ['missed reports', 'missed'],
    ['contacts', 'contacts?disease=measles'],
    ['key people, places and things', 'key-items'],
    ['products', 'products'],
    ['channels', 'channels'],
    ['risk map, influenza', 'map?channel=cases&topic=influenza'],
    ['risk map, syndrome', 'map?channel=syndromes&topic=influenza-like'],
    ['estimates', 'estimates'],
    ['one estimate', 'estimate?disease=influenza&area=region'],
    ['rules', 'rules'],
    ['one rule', 'rule?channel=cases&topic=influenza&area=*'],
    ['performance, 52 weeks', 'performance?weeks=52'],
    ['bulletin', 'bulletin'],
    ['back-test of one disease in 38 districts, 2 years', 'rules/try', rule],
  ];
  for (const [screen, path, body] of asks) {
    const times: number[] = [];
    let bad = 0;
    let bytes = 0;
    for (let round = 0; round < rounds; round++) {
      const at = performance.now();
      const response = await ask(
        `/api/surveillance/${path}`,
        body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
      );
      bytes = (await response.arrayBuffer()).byteLength;
      times.push(performance.now() - at);
      if (!response.ok) bad++;
    }
    const sorted = times.toSorted((a, b) => a - b);
    note(
      'screens',
      screen,
      Math.round(sorted[rounds >> 1] as number),
      'ms',
      `first ${Math.round(times[0] as number)}, worst ${Math.round(sorted.at(-1) as number)} ms, ${Math.round(bytes / 1000)} kB${bad > 0 ? `, ${bad} FAILED` : ''}; asked: < ${asked}`,
    );
  }
  await pool.end();
  await server.stop();
}
