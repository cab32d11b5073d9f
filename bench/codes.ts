import { cardId, makeResidentNumber } from '@hutong/china';
import type { MyCodes } from '@hutong/contract/health-code.ts';
import { sessionOf } from '../server/test/login-as.ts';
import { postLoad } from './load.ts';
import { startServer } from './measured-server.ts';

type Note = (workload: string, figure: string, value: number | string, unit: string, beside?: string) => void;

const people = 400;
const personOf = (n: number) => {
  const birthDate = `${1940 + (n % 60)}-${String(1 + (n % 12)).padStart(2, '0')}-11`;
  return { birthDate, number: makeResidentNumber({ areaCode: '500999', birthDate, sequence: 1 + (n % 900) }) };
};

/** Complete national card ids (SM3, dispersion, two SM4) a CPU-second of one core. */
function cardIds(): number {
  const numbers = Array.from({ length: 500 }, (_, n) => personOf(n).number);
  const one = (n: number): string =>
    cardId(
      { documentType: '01', documentNumber: numbers[n % 500] as string, name: `人${n}` },
      '8F2D61C7A04B93E5D1F6708C2B5A49E3',
    );
  for (let n = 0; n < 2000; n++) one(n);
  const begin = process.cpuUsage();
  let count = 0;
  let used = 0;
  while (used < 2_000_000) {
    for (let n = 0; n < 500; n++) one(count++);
    const { user, system } = process.cpuUsage(begin);
    used = user + system;
  }
  return Math.round(count / (used / 1e6));
}

/** Card ids; issuing and verifying our own code; the resolver over a mix of codes. Everything over HTTP with login, log, event and audit. */
export async function codes(note: Note): Promise<void> {
  note('codes', 'national card ids', cardIds(), '/CPU-s', 'asked: >= 20000 a core');
  const server = await startServer();
  const token = await server.register('BENCH1');
  const ask = (path: string, body: object): Promise<Response> =>
    fetch(`${server.base}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
  const entry = Array.from({ length: people }, (_, n) => ({
    request: { method: 'POST', url: 'Patient' },
    resource: {
      resourceType: 'Patient',
      identifier: [
        { system: 'urn:bench', value: `MR${n}` },
        { system: 'urn:oid:2.16.156.10011.1.3', value: personOf(n).number },
      ],
      name: [{ text: `测量${n}` }],
      birthDate: personOf(n).birthDate,
    },
  }));
  const sent = await ask('/fhir', { resourceType: 'Bundle', type: 'transaction', entry });
  if (sent.status !== 200) throw new Error(`people refused: ${sent.status} ${(await sent.text()).slice(0, 300)}`);
  await server.settle();
  await server.refreshDemo();
  const cards: string[] = [];
  for (let n = 0; n < 100; n++) {
    const answer = await ask('/api/card-centre/register', {
      documentType: '01',
      documentNumber: personOf(n).number,
      name: `测量${n}`,
    });
    const { cardId: made } = (await answer.json()) as { cardId?: string };
    if (made) cards.push(made);
  }
  const session = await sessionOf(server.base, 'resident');
  const texts: string[] = [];
  const issue = (count: number, connections: number) =>
    postLoad(
      count,
      connections,
      { base: server.base, session, path: '/api/my/codes' },
      () => ({ count: 1 }),
      200,
      (body) => texts.push((JSON.parse(body.toString()) as MyCodes).codes[0]?.text as string),
    );
  const scans = (count: number, connections: number, code: (n: number) => string) =>
    postLoad(
      count,
      connections,
      { base: server.base, token, path: '/api/health-code/scan' },
      (n) => ({ code: code(n), step: '010101' }),
      200,
    );
  await issue(300, 4);
  await scans(300, 4, (n) => texts[n] as string);
  texts.length = 0;
  server.profile();
  const issued = await issue(1000, 4);
  server.profiled();
  note(
    'codes',
    'own code issued, 4 connections, p50 / p99',
    `${issued.p50} / ${issued.p99}`,
    'ms',
    `asked: p99 <= 20; ${issued.perSecond}/s, ${issued.errors} errors`,
  );
  const verified = await scans(1000, 4, (n) => texts[n] as string);
  note(
    'codes',
    'own code verified and used up, p50 / p99',
    `${verified.p50} / ${verified.p99}`,
    'ms',
    `asked: p99 <= 20; ${verified.perSecond}/s, ${verified.errors} errors`,
  );
  texts.length = 0;
  await issue(1000, 16);
  const mix = (n: number): string =>
    [texts[n >> 2] as string, `${cards[n % cards.length]}:1`, personOf(n % people).number, `MR${n % people}`][
      n % 4
    ] as string;
  server.profile();
  const before = await server.usage();
  const resolved = await scans(4000, 32, mix);
  note(
    'codes',
    'resolver: own, static, number, hospital card',
    resolved.perSecond,
    'scans/s',
    `asked: >= 1000; p95 ${resolved.p95} ms (asked: <= 50), p99 ${resolved.p99} ms, ${resolved.errors} errors`,
  );
  const after = await server.usage();
  server.profiled();
  const used = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system;
  note(
    'codes',
    'server CPU per scan (PostgreSQL apart)',
    (used / 1000 / 4000).toFixed(3),
    'ms',
    'a quarter of them SM2 checks',
  );
  await server.stop();
}
