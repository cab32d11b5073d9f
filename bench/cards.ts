import { loginAs } from '../server/test/login-as.ts';
import { mllpLoad } from './load.ts';
import { startServer } from './measured-server.ts';
import { oruMessages } from './messages.ts';

type Note = (workload: string, figure: string, value: number | string, unit: string, beside?: string) => void;
const rounds = 3;
const oneIn = 50;

/** The same report with a positive measles IgM in place of its first result: a notifiable disease. */
const positive = (message: Buffer): Buffer =>
  Buffer.from(
    message
      .toString('utf8')
      .replace(/OBX\|1\|[^\r]*/, (first) =>
        first.replace(
          /OBX\|1\|NM\|[^|]*\|\|[^|]*\|[^|]*\|[^|]*\|N/,
          'OBX|1|ST|7962-4^麻疹病毒IgM抗体^LN||阳性||阴性|A',
        ),
      ),
    'utf8',
  );
/** A report with today's times: an old one opens a card too, but a doctor's screen lists by what is due. */
const today = (message: Buffer): Buffer => {
  const stamp = new Date(Date.now() + 8 * 3_600_000 - 60_000).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
  return Buffer.from(message.toString('utf8').replaceAll(/202610\d{8}\+0800/g, `${stamp}+0800`), 'utf8');
};
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** From a positive result over MLLP to its report card in the list of a doctor of that hospital; and what notifiable results cost the intake. */
export async function cards(count: number, note: Note): Promise<void> {
  const server = await startServer();
  await server.register('BENCH1');
  await mllpLoad(server.mllpPort, oruMessages(1000, 'BENCH1', 5_000_000), 8);
  await server.settle();
  await server.refresh();
  const doctor = await loginAs(server.base, 'clinician');
  const total = async (): Promise<number> =>
    ((await (await doctor('/api/surveillance/cards?disease=measles&limit=1')).json()) as { total: number }).total;
  const waits: number[] = [];
  for (const [index, message] of oruMessages(20, 'BENCH1', 6_000_000).entries()) {
    const sent = performance.now();
    await mllpLoad(server.mllpPort, [today(positive(message))], 1);
    while ((await total()) <= index && performance.now() - sent < 30_000)
      await new Promise((done) => setTimeout(done, 20));
    waits.push((performance.now() - sent) / 1000);
  }
  note(
    'cards',
    'ORU^R01 to the card in the doctor’s list, p50 / max of 20',
    `${median(waits).toFixed(2)} / ${Math.max(...waits).toFixed(2)}`,
    's',
    'asked: <= 5 s',
  );
  const rates: { plain: number[]; notifiable: number[] } = { plain: [], notifiable: [] };
  const work: { plain: number[]; notifiable: number[] } = { plain: [], notifiable: [] };
  const cpu = async (): Promise<number> => {
    const { user, system } = (await server.usage()).cpu;
    return (user + system) / 1000;
  };
  for (let round = 0; round < rounds; round++)
    for (const kind of ['plain', 'notifiable'] as const) {
      const from = 7_000_000 + round * 400_000 + (kind === 'plain' ? 0 : 200_000);
      const messages = oruMessages(count, 'BENCH1', from).map((message, at) =>
        kind === 'notifiable' && at % oneIn === 0 ? positive(message) : message,
      );
      const before = await cpu();
      rates[kind].push((await mllpLoad(server.mllpPort, messages, 32)).perSecond);
      await server.settle();
      work[kind].push(((await cpu()) - before) / count);
    }
  const [plain, notifiable] = [median(rates.plain), median(rates.notifiable)];
  note('cards', 'acknowledged, no notifiable result', plain, 'messages/s', `median of ${rounds} rounds`);
  note(
    'cards',
    `acknowledged, one result in ${oneIn} notifiable`,
    notifiable,
    'messages/s',
    `${(100 * (1 - notifiable / plain)).toFixed(1)} % slower, asked: <= 5 %`,
  );
  const [quiet, busy] = [median(work.plain), median(work.notifiable)];
  note(
    'cards',
    'server CPU per message until all is read, without and with',
    `${quiet.toFixed(3)} / ${busy.toFixed(3)}`,
    'ms',
    `${(100 * (busy / quiet - 1)).toFixed(1)} % more`,
  );
  await server.stop();
}
