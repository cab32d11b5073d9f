import { randomUUID } from 'node:crypto';
import type { ChannelPage } from '@hutong/contract/surveillance.ts';
import { type Call, type Caller, type Refusal, type Reply, type Route, refuse } from '../../core/access/index.ts';
import { inTransaction } from '../../kit/pool.ts';
import { channelHealth } from './channels.ts';
import { dayOf } from './decide.ts';
import { channelName, isArea, isFormerArea } from './places.ts';
import type { SurveillanceDoor } from './routes.ts';
import { readSubmission } from './submission.ts';
import { agreementBy, agreements, saveAgreement, submitCounts } from './tables/counts.ts';
import { noteUpload, recentUploads, type UploadRow } from './tables/uploads.ts';

const uploadsShown = 50;
/** Of a refused file the console shows the first few places; the sender was told fifty. */
const problemsShown = 5;

const text = (maxLength: number): object => ({ type: 'string', maxLength });
const agreementBody = {
  type: 'object',
  required: ['id', 'client', 'channel', 'purpose', 'validFrom'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', pattern: '^[A-Za-z0-9-]{3,40}$' },
    client: { type: 'string', pattern: '^[A-Za-z0-9._:-]{1,100}$' },
    channel: text(40),
    purpose: { type: 'string', minLength: 4, maxLength: 300 },
    validFrom: { type: 'string', format: 'date' },
    validTo: { type: ['string', 'null'], format: 'date' },
  },
};

/** Channels and their health, the agreements of departments, and the counts they send. */
export function departmentRoutes(door: SurveillanceDoor): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/surveillance/channels',
      permission: 'surveillance.read',
      summary: 'Completeness and delay of every channel, and what departments sent last',
      handle: async ({ now }) => ({ body: await channelPage(door, now) }),
    },
    {
      method: 'GET',
      path: '/api/surveillance/agreements',
      permission: 'surveillance.agree',
      summary: 'Data agreements with other departments',
      handle: async () => ({ body: { items: await agreements(door.pool) } }),
    },
    {
      method: 'POST',
      path: '/api/surveillance/agreements',
      permission: 'surveillance.agree',
      summary: 'Register a data agreement',
      schema: { body: agreementBody },
      handle: (call) => agree(door, call),
    },
    {
      method: 'POST',
      path: '/api/surveillance/counts',
      permission: 'surveillance.submit',
      summary: 'Counts of another department (JSON or CSV) under a data agreement',
      takes: 'bytes',
      handle: (call) => counts(door, call),
    },
  ];
}

async function channelPage(door: SurveillanceDoor, now: number): Promise<ChannelPage> {
  const [items, uploads] = await Promise.all([channelHealth(door, now), recentUploads(door.pool, uploadsShown)]);
  return {
    items,
    uploads: uploads.map(({ channel, at, ...row }) => ({
      ...row,
      at: at.toISOString(),
      channel: { code: channel, ...channelName(door.lists, channel) },
    })),
  };
}

async function agree(door: SurveillanceDoor, call: Call): Promise<Reply | Refusal> {
  const caller = call.caller as Caller;
  const body = call.body as {
    id: string;
    client: string;
    channel: string;
    purpose: string;
    validFrom: string;
    validTo?: string | null;
  };
  if (!door.lists.channels.some(({ code, kind }) => code === body.channel && kind === 'outside'))
    return refuse('HT-INPUT-001', { zh: '没有这个外部渠道', en: 'There is no such outside channel' });
  const kept = await saveAgreement(
    door.pool,
    { ...body, validTo: body.validTo ?? null },
    `${caller.kind} ${caller.id}`,
    new Date(call.now),
  );
  call.look({ action: kept ? 'update' : 'refused', what: `data agreement ${body.id}`, ground: 'administration' });
  return kept
    ? { status: 201, body }
    : refuse('HT-INPUT-001', {
        zh: '该协议编号属于另一接口或渠道',
        en: 'This agreement id belongs to another client or channel',
      });
}

/** Takes a file whole or not at all: every line is checked before the first is stored. */
async function counts(door: SurveillanceDoor, call: Call): Promise<Reply | Refusal> {
  const caller = call.caller as Caller;
  const read = readSubmission(
    call.body as Buffer,
    call.headers['content-type'] ?? '',
    call.query.agreement ?? '',
    dayOf(call.now),
  );
  const agreement = await agreementBy(door.pool, read.agreement);
  const today = dayOf(call.now);
  const allowed =
    agreement !== null &&
    agreement.client === caller.id &&
    agreement.validFrom <= today &&
    (agreement.validTo === null || today <= agreement.validTo);
  if (!agreement || !allowed) {
    call.look({ action: 'refused', what: 'surveillance counts without a data agreement', ground: 'data-agreement' });
    return refuse('HT-ACCESS-002', {
      zh: '没有对应的有效数据共享协议',
      en: 'There is no data agreement in force for this client',
    });
  }
  const topics = new Set(
    door.lists.topics.filter(({ channel }) => channel === agreement.channel).map(({ code }) => code),
  );
  const isCount = door.lists.channels.find(({ code }) => code === agreement.channel)?.measure === 'count';
  const problems = [
    ...read.problems,
    ...read.items.flatMap(({ topic, area, day, value }, index) => [
      ...(topics.has(topic)
        ? []
        : [
            {
              line: index + 1,
              zh: '渠道中没有这个主题',
              en: `the channel has no topic of this name; it has ${[...topics].join(', ')}`,
            },
          ]),
      ...(isArea(area, day)
        ? []
        : [{ line: index + 1, zh: '当日没有这个行政区划代码', en: 'no area has this code on that day' }]),
      ...(!isCount || Number.isInteger(value)
        ? []
        : [{ line: index + 1, zh: '计数须为整数', en: 'a count is a whole number' }]),
    ]),
  ];
  const upload: UploadRow = {
    id: randomUUID(),
    at: new Date(call.now),
    agreement: agreement.id,
    channel: agreement.channel,
    lines: read.items.length,
    created: 0,
    revised: 0,
    unchanged: 0,
    former: read.items.filter(({ area, day }) => isFormerArea(area, day)).length,
    refused: problems.length,
    problems: problems.slice(0, problemsShown),
  };
  if (problems.length > 0) {
    await noteUpload(door.pool, upload);
    return refuse(
      'HT-INPUT-001',
      {
        zh: `有 ${problems.length} 处不符合要求，未保存任何内容`,
        en: `${problems.length} places are not valid; nothing was stored`,
      },
      { problems: problems.slice(0, 50) },
    );
  }
  const result = await inTransaction(door.pool, async (client) => {
    const kept = await submitCounts(client, agreement.channel, agreement.id, upload.id, read.items, upload.at);
    await noteUpload(client, { ...upload, ...kept });
    return kept;
  });
  call.look({
    action: 'create',
    what: `surveillance counts ${agreement.channel} ${read.items.length}`,
    ground: 'data-agreement',
  });
  return { status: 201, body: { upload: upload.id, channel: agreement.channel, ...result } };
}
