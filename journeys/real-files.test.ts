import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestPlatform, testPlatform } from '../server/test/platform.ts';

/** Files as others made them, through the program that an operator runs: `npm run load`. */

const root = join(import.meta.dirname, '..');
const border = join(root, 'server/src/border');
const filesOf = (folder: string, ending: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
const hl7 = filesOf(join(border, 'hl7v2/fixtures'), '.hl7');
const synthea = filesOf(join(import.meta.dirname, 'fixtures/synthea-r4'), '.json.gz');
const cda = filesOf(join(border, 'cda/fixtures'), '.xml');
const table = (name: string): string[] => [
  join(border, `files/fixtures/${name}.csv`),
  '--mapping',
  join(border, `files/mappings/${name}.json`),
];

type Loaded = {
  code: number | null;
  files: number;
  taken: number;
  again: number;
  held: number;
  refused: number;
  rules: string[];
  notRead: string[];
};
type Bench = { platform: TestPlatform; data: string };

const open: Bench[] = [];
async function openBench(): Promise<Bench> {
  const platform = await testPlatform();
  const data = mkdtempSync(join(tmpdir(), 'hutong-load-'));
  chmodSync(data, 0o711);
  mkdirSync(join(data, 'keys'));
  copyFileSync(platform.operatorKeyFile as string, join(data, 'keys/operator.jwk.json'));
  open.push({ platform, data });
  return { platform, data };
}

/** @param killWhen looked at every 20 ms; when it holds, the program is killed without warning */
async function load({ platform, data }: Bench, args: string[], killWhen?: () => Promise<boolean>): Promise<Loaded> {
  const child = spawn(
    process.execPath,
    [join(border, 'files/load/main.ts'), ...args, '--server', platform.base, '--data', data],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let out = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
  let code: number | null | undefined;
  child.once('close', (status) => {
    code = status;
  });
  while (code === undefined) {
    await wait(20);
    if (killWhen && (await killWhen())) child.kill('SIGKILL');
  }
  const said = /^(\d+) files: taken (\d+), seen before (\d+), held (\d+), refused (\d+)$/m.exec(out);
  if (!said && !killWhen) throw new Error(`the program ended with ${code}: ${out}`);
  const [files = 0, taken = 0, again = 0, held = 0, refused = 0] = (said ?? []).slice(1).map(Number);
  return {
    code,
    files,
    taken,
    again,
    held,
    refused,
    rules: [...out.matchAll(/^ +(\d+ {2}\S.*)$/gm)].map(([, rule]) => rule as string),
    notRead: [...out.matchAll(/^ {2}not read: (.*)$/gm)].map(([, what]) => what as string),
  };
}

async function stored({ platform }: Bench): Promise<Record<string, number>> {
  await platform.settled();
  const { rows } = await platform.pool.query<{ protocol: string; n: number }>(
    'select protocol, count(*)::int4 as n from intake.message group by protocol',
  );
  return Object.fromEntries(rows.map(({ protocol, n }) => [protocol, n]));
}
/** Every row of the record with its version: a second telling that changed anything would show. */
async function record({ platform }: Bench): Promise<string[]> {
  const { rows } = await platform.pool.query<{ line: string }>(
    `select type || '/' || id || ' v' || version as line from store.resource order by type, id`,
  );
  return rows.map(({ line }) => line);
}

const clean = { code: 0, again: 0, held: 0, refused: 0, rules: [], notRead: [] };
const all = { hl7v2: 69, bundles: 4, entries: 540, documents: 9 };

let whole: Bench;
/** The record of the messages, bundles and documents alone, loaded without a break. */
let unbroken: string[];
beforeAll(async () => {
  whole = await openBench();
});
afterAll(async () => {
  for (const { platform, data } of open) {
    await platform.close();
    rmSync(data, { recursive: true, force: true });
  }
});

test('all 69 HL7 v2 messages, 4 Synthea bundles and 9 shared documents are taken, none held', async () => {
  expect([hl7.length, synthea.length, cda.length]).toEqual([all.hl7v2, all.bundles, all.documents]);
  expect(await load(whole, hl7)).toEqual({ ...clean, files: 69, taken: all.hl7v2 });
  expect(await load(whole, synthea)).toEqual({ ...clean, files: 4, taken: all.entries });
  expect(await load(whole, cda)).toEqual({ ...clean, files: 9, taken: all.documents });
  expect(await stored(whole)).toEqual({ 'hl7v2-http': all.hl7v2, fhir: all.bundles, cda: all.documents });
  unbroken = await record(whole);
  expect(unbroken.length).toBeGreaterThan(all.entries);
});

test('of the two tables, the rows with an error are held, each with its rule, and the others are taken', async () => {
  const results = join(whole.data, 'results.csv');
  expect(await load(whole, [...table('lab-results'), '--results', results])).toEqual({
    ...clean,
    files: 1,
    taken: 4,
    held: 1,
    rules: ['1  files.required'],
  });
  const rows = readFileSync(results, 'utf8').trim().split('\r\n');
  expect(rows[0]).toBe('file,row,line,outcome,message,rules');
  const cells = rows.slice(1).map((row) => row.split(',').slice(1));
  expect(cells.map(([row]) => row)).toEqual(['1', '2', '3', '4', '5']);
  expect(cells.filter(([, , outcome]) => outcome === 'taken')).toHaveLength(4);
  expect(cells.find(([, , outcome]) => outcome === 'held')?.at(-1)).toBe('files.required');
  expect(await load(whole, table('outpatient-visits'))).toEqual({
    ...clean,
    files: 1,
    taken: 2,
    held: 1,
    rules: ['1  files.birth-date-future'],
  });
  expect(await stored(whole)).toMatchObject({ files: 8 });
});

test('what the program cannot tell apart is named, and nothing of it is sent', async () => {
  const before = await stored(whole);
  const loaded = await load(whole, [
    join(border, 'hl7v2/fixtures/SOURCE.md'),
    join(border, 'files/fixtures/lab-results.csv'),
  ]);
  expect(loaded).toMatchObject({ code: 0, taken: 0, held: 0 });
  expect(loaded.notRead.map((line) => line.split('/').at(-1))).toEqual([
    'lab-results.csv: a table needs --mapping FILE',
    'SOURCE.md: neither FHIR, HL7 v2, a shared document nor a table',
  ]);
  expect(await stored(whole)).toEqual(before);
});

test('run again it sends nothing; made to send everything again, it stores nothing twice', async () => {
  const [messages, rows] = [await stored(whole), await record(whole)];
  for (const files of [hl7, synthea, cda, table('lab-results')])
    expect(await load(whole, files)).toMatchObject({ code: 0, taken: 0, again: 0, held: 0 });
  expect(await load(whole, [...hl7, '--restart'])).toMatchObject({ taken: 0, again: all.hl7v2, held: 0 });
  expect(await load(whole, [...cda, '--restart'])).toMatchObject({ taken: 0, again: all.documents, held: 0 });
  expect(await load(whole, [...table('lab-results'), '--restart'])).toMatchObject({ taken: 0, again: 5, held: 0 });
  const bundles = await load(whole, [...synthea, '--restart']);
  expect([bundles.taken + bundles.again, bundles.held, bundles.refused]).toEqual([all.entries, 0, 0]);
  expect(await stored(whole)).toEqual(messages);
  expect(await record(whole)).toEqual(rows);
});

test('everything that has no place in the record is counted where the operator sees it', async () => {
  const operator = await whole.platform.staff('operator');
  type Page = {
    rows: { institution: { code: string }; protocol: string; kind: string; path: string; count: number }[];
    total: number;
    next: number | null;
  };
  const rows: Page['rows'] = [];
  let next: number | null = 0;
  while (next !== null) {
    const page: Page = (await (await operator(`/api/unmapped?offset=${next}`)).json()) as Page;
    rows.push(...page.rows);
    next = page.next;
    expect(page.total).toBeGreaterThanOrEqual(rows.length);
  }
  expect(new Set(rows.map(({ institution, kind, path }) => `${institution.code} ${kind} ${path}`)).size).toBe(
    rows.length,
  );
  const seen: Record<string, number> = {};
  for (const { protocol, kind, count } of rows) {
    const name = protocol === 'hl7v2-http' ? 'HL7 v2' : kind;
    seen[name] = (seen[name] ?? 0) + count;
  }
  // What the translator alone says of the same messages, kept beside its fixtures.
  const expected = readFileSync(join(border, 'hl7v2/fixtures/expected.txt'), 'utf8');
  const ofMessages = [...expected.matchAll(/\| unmapped (\d+) \|/g)].reduce((sum, [, count]) => sum + Number(count), 0);
  expect(ofMessages).toBeGreaterThan(4000);
  expect(seen).toEqual({ 'HL7 v2': ofMessages, C0002: 2, C0004: 2, C0053: 1, 'csv:lab-results': 5 });
  const columns = rows.filter(({ protocol }) => protocol === 'files').map(({ path, count }) => [path, count]);
  expect(columns).toEqual([
    ['打印次数', 4],
    ['提示', 1],
  ]);
});

test('killed half-way and run again it goes on where it was, and the record is as if it had never stopped', async () => {
  const bench = await openBench();
  const everything = [...hl7, ...synthea, ...cda];
  const count = async (): Promise<number> => {
    const { rows } = await bench.platform.pool.query<{ n: number }>('select count(*)::int4 as n from intake.message');
    return (rows[0] as { n: number }).n;
  };
  const half = (all.hl7v2 + all.bundles + all.documents) / 2;
  const killed = await load(bench, [...everything, '--connections', '1'], async () => (await count()) >= half);
  expect(killed.code).toBeNull();
  // What the dead program had already sent may still be on its way to the disk.
  await wait(300);
  while (bench.platform.intake.underWay() > 0) await wait(10);
  const before = await count();
  expect(before).toBeGreaterThanOrEqual(half);
  expect(before).toBeLessThan(all.hl7v2 + all.bundles + all.documents);
  const resumed = await load(bench, everything);
  expect(resumed).toMatchObject({ code: 0, held: 0, refused: 0, files: everything.length });
  // Only what was on its way when it was killed is sent a second time.
  expect(resumed.again).toBeLessThanOrEqual(1);
  expect(resumed.taken + before).toBe(all.hl7v2 + all.bundles + all.documents);
  expect(await stored(bench)).toEqual({ 'hl7v2-http': all.hl7v2, fhir: all.bundles, cda: all.documents });
  const names = (lines: string[]): string[] => lines.map((line) => line.replace(/ v\d+$/, ''));
  expect(names(await record(bench))).toEqual(names(unbroken));
});
