import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Tour, Trace } from '@hutong/contract/console.ts';
import { messageByControlId, totals } from '../../border/intake/index.ts';
import { type Route, refuse } from '../../core/access/index.ts';
import type { Directory } from '../../core/directory/index.ts';
import type { Feed } from '../../core/events/index.ts';
import { feedSize } from '../../core/events/index.ts';
import type { Identity } from '../../core/identity/index.ts';
import { storageSizes } from '../../core/store/index.ts';
import { type Config, projectRoot } from '../../kit/config.ts';
import type { Pool } from '../../kit/pool.ts';
import { type DemoLogin, demoLogins } from './demo-logins.ts';

export type TourDoor = {
  config: Config;
  pool: Pool;
  directory: Directory;
  identity: Identity;
  feed: Feed;
  mllpPort: () => number;
};

type Sent = { controlIds: string[]; sentAt: number; acknowledgedAt: number };

/** The city plays a fever clinic: a process of its own that speaks MLLP to us, as a hospital would. */
function sendFeverCase(mllpPort: number, host: string, seed: number, citySize: number): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const sentAt = Date.now();
    const child = spawn(
      process.execPath,
      [
        join(projectRoot, 'city/main.ts'),
        'fever-case',
        '--mllp',
        `${host}:${mllpPort}`,
        '--seed',
        String(seed),
        '--size',
        String(citySize),
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (code) => {
      const ids = [...out.matchAll(/"controlId"\s*:\s*"([^"]+)"/g)].map(([, id]) => id as string);
      if (code === 0 && ids.length > 0) resolve({ controlIds: [...new Set(ids)], sentAt, acknowledgedAt: Date.now() });
      else reject(new Error(`the fever clinic ended with ${code}`));
    });
  });
}

const stepWords: Record<Trace['steps'][0]['kind'], { zh: string; en: string }> = {
  sent: { zh: '发热门诊经 MLLP 发出 HL7 v2 消息', en: 'The fever clinic sends an HL7 v2 message over MLLP' },
  stored: { zh: '原始字节落盘', en: 'The raw bytes are on disk' },
  acknowledged: { zh: '落盘之后才应答', en: 'Only then it is acknowledged' },
  translated: { zh: '译为 FHIR 临床事实', en: 'Translated into FHIR facts' },
  'resident-found': { zh: '找到是哪位居民', en: 'The resident is found' },
  'record-written': { zh: '写入健康档案', en: 'Written into the record' },
  'event-published': { zh: '事件进入有序事件流', en: 'The event enters the ordered feed' },
  'read-by-service': { zh: '档案索引服务已读取，医生可见', en: 'The record index has read it: a doctor can see it' },
  held: { zh: '消息有误，已保存待处理', en: 'The message has an error and is held for repair' },
};

export function tourRoutes(door: TourDoor): Route[] {
  const runs = new Map<string, { sent: Sent | null; failed: boolean; startedAt: number }>();
  let seed = Date.now() % 100_000;
  return [
    {
      method: 'GET',
      path: '/api/tour',
      permission: 'public',
      summary: 'The landing page',
      handle: async () => ({ body: await tour(door) }),
    },
    {
      method: 'POST',
      path: '/api/tour/fever-case',
      permission: 'public',
      summary: 'Demo only: let a fever clinic send a case',
      handle: async ({ headers, trace }) => {
        if (!door.config.demo) return refuse('HT-INPUT-004');
        if (headers['x-hutong'] !== '1') return refuse('HT-ACCESS-004');
        for (const [id, { startedAt }] of runs) if (startedAt < Date.now() - 600_000) runs.delete(id);
        // One at a time: the button of a public page must not be a way to start a hundred processes.
        if ([...runs.values()].some(({ sent, failed }) => !sent && !failed)) return refuse('HT-PLATFORM-003');
        const run = { sent: null as Sent | null, failed: false, startedAt: Date.now() };
        runs.set(trace, run);
        sendFeverCase(
          door.mllpPort(),
          door.config.host === '0.0.0.0' ? '127.0.0.1' : door.config.host,
          seed++,
          door.config.citySize,
        ).then(
          (sent) => {
            run.sent = sent;
          },
          () => {
            run.failed = true;
          },
        );
        return { status: 202, body: { traceId: trace } };
      },
    },
    {
      method: 'GET',
      path: '/api/tour/trace/:id',
      permission: 'public',
      summary: 'How far the case has come',
      handle: async ({ params }) => {
        const run = runs.get(params.id ?? '');
        if (!run) return refuse('HT-INPUT-004');
        if (run.failed)
          return refuse('HT-PLATFORM-001', {
            zh: '发热门诊没能连上平台',
            en: 'The fever clinic could not reach the platform',
          });
        return { body: await traceOf(door, params.id ?? '', run.sent, run.startedAt) };
      },
    },
  ];
}

async function tour({ config, pool, directory, identity }: TourDoor): Promise<Tour> {
  const [{ messages }, residents, sizes, events] = await Promise.all([
    totals(pool),
    identity.count(),
    storageSizes(pool),
    feedSize(pool),
  ]);
  const resources = sizes.find(({ table }) => table === 'store.resource')?.rows ?? 0;
  const logins = config.demo
    ? demoLogins.map(({ role, login, nameZh, nameEn, doesZh, doesEn, startAt }: DemoLogin) => ({
        role,
        login,
        nameZh,
        nameEn,
        doesZh,
        doesEn,
        startAt,
      }))
    : [];
  return {
    demo: config.demo,
    city: { residents, institutions: directory.institutions().length, messages, resources, events },
    logins,
  };
}

/** Every step with its measured moment; nothing is shown that has not happened. */
async function traceOf(door: TourDoor, id: string, sent: Sent | null, startedAt: number): Promise<Trace> {
  const steps: Trace['steps'] = [];
  const add = (kind: Trace['steps'][0]['kind'], at: number, detail?: string): void => {
    steps.push({
      kind,
      at: new Date(at).toISOString(),
      ...stepWords[kind],
      ...(detail && { detail }),
      milliseconds: Math.max(0, at - startedAt),
    });
  };
  if (!sent) return { id, done: false, steps };
  const messages = (
    await Promise.all(sent.controlIds.map((controlId) => messageByControlId(door.pool, controlId)))
  ).filter((message) => message !== null);
  const [first] = messages;
  if (!first) return { id, done: false, steps };
  add(
    'sent',
    Math.min(first.receivedAt.getTime(), sent.acknowledgedAt),
    `${messages.reduce((sum, { bytes }) => sum + bytes, 0)} B`,
  );
  add('stored', first.receivedAt.getTime(), sent.controlIds.join(', '));
  add('acknowledged', sent.acknowledgedAt, /MSA\|(\w\w)/.exec(first.acknowledgement)?.[1]);
  if (messages.some(({ state }) => state === 'held' || state === 'refused')) {
    add('held', Date.now());
    return { id, done: true, steps };
  }
  if (messages.some(({ state }) => state === 'waiting')) return { id, done: false, steps };
  const written = messages.flatMap((message) => message.written);
  const recordedAt = Math.max(...messages.map(({ at }) => at?.getTime() ?? 0));
  add('translated', recordedAt, `${written.length} FHIR`);
  add('resident-found', recordedAt);
  add('record-written', recordedAt, [...new Set(written.map(({ resourceType }) => resourceType))].join(', '));
  add('event-published', recordedAt);
  const index = (await door.feed.states()).find(({ name }) => name === 'record-index');
  if (!index || index.lag > 0) return { id, done: false, steps };
  add('read-by-service', Math.max(recordedAt, index.lastAt?.getTime() ?? 0));
  return { id, done: true, steps };
}
