import { loginAs } from '../server/test/login-as.ts';
import { mllpLoad } from './load.ts';
import { startServer } from './measured-server.ts';
import { oruMessages } from './messages.ts';

type Note = (workload: string, figure: string, value: number | string, unit: string, beside?: string) => void;
/** Even: each kind goes first in half of them, or what grows from run to run would count against one kind. */
const rounds = 6;
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
type Kind = 'plain' | 'notifiable';
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
/** How far the middle half of some runs lies apart, in percent of their median. */
const spread = (values: number[]): string => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return ((100 * (at(0.75) - at(0.25))) / median(values)).toFixed(1);
};

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
  const rates: Record<Kind, number[]> = { plain: [], notifiable: [] };
  const through: Record<Kind, number[]> = { plain: [], notifiable: [] };
  const work: Record<Kind, number[]> = { plain: [], notifiable: [] };
  const cpu = async (): Promise<number> => {
    const { user, system } = (await server.usage()).cpu;
    return (user + system) / 1000;
  };
  for (let round = 0; round < rounds; round++) {
    const kinds: Kind[] = ['plain', 'notifiable'];
    for (const kind of round % 2 === 0 ? kinds : kinds.toReversed()) {
      const from = 7_000_000 + round * 400_000 + (kind === 'plain' ? 0 : 200_000);
      const messages = oruMessages(count, 'BENCH1', from).map((message, at) =>
        kind === 'notifiable' && at % oneIn === 0 ? positive(message) : message,
      );
      const before = await cpu();
      const began = performance.now();
      rates[kind].push((await mllpLoad(server.mllpPort, messages, 32)).perSecond);
      await server.settle();
      through[kind].push((count * 1000) / (performance.now() - began));
      work[kind].push(((await cpu()) - before) / count);
    }
  }
  const slower = ({ plain, notifiable }: Record<Kind, number[]>): string =>
    `${(100 * (1 - median(notifiable) / median(plain))).toFixed(1)} % slower (the runs without it lie ${spread(plain)} % apart), asked: <= 5 %`;
  note(
    'cards',
    'acknowledged, no notifiable result',
    Math.round(median(rates.plain)),
    'messages/s',
    `median of ${rounds} rounds`,
  );
  note(
    'cards',
    `acknowledged, one result in ${oneIn} notifiable`,
    Math.round(median(rates.notifiable)),
    'messages/s',
    slower(rates),
  );
  note('cards', 'acknowledged, recorded and read by all, without', Math.round(median(through.plain)), 'messages/s', '');
  note(
    'cards',
    `the same, one result in ${oneIn} notifiable`,
    Math.round(median(through.notifiable)),
    'messages/s',
    slower(through),
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
