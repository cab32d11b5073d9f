import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { Missing } from '../../libs/linkage/index.ts';
import { runChinese } from './chinese.ts';
import { runFebrl } from './febrl.ts';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '4711' },
    threads: { type: 'string', default: '2' },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`npm run linkage:score -- [--size 100000] [--seed 4711] [--threads 2] [--only febrl|chinese]
npm run linkage:score -- dedupe FILE ... | link A B ...     the command line of libs/linkage, for files of your own
`);
  process.exit(0);
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const figure = (name: string, value: string, asked = '', met = true): void =>
  say(`  ${name.padEnd(40)} ${value.padStart(12)}   ${asked === '' ? '' : `asked ${asked}${met ? '' : ' - NOT MET'}`}`);
const share = (value: number): string => value.toFixed(6);

/** Where true pairs go that no machine linked; those asked about are named by the reason. */
const whereTo: Partial<Record<Missing, string>> = {
  left: 'left unasked',
  'not-offered': 'no key offers them',
  'too-weak': 'too weak to be asked',
};

if (values.only !== 'chinese') await scoreFebrl();
if (values.only !== 'febrl') await scoreChinese(Number(values.size), Number(values.seed), Number(values.threads));

async function scoreFebrl(): Promise<void> {
  say('FEBRL, no training pairs, guessed schema (F1 of links; pairs in clusters; blocking recall)');
  for (const set of [1, 3] as const) {
    for (const without of [[], ['soc_sec_id']]) {
      const floor = without.length === 0 ? 0.998 : 0.993;
      const { links, partition, blockingRecall } = await runFebrl(set, without);
      const name = `set ${set}, ${without.length === 0 ? 'with' : 'without'} the number`;
      figure(name, links.f1.toFixed(4), `>= ${floor}`, links.f1 >= floor);
      figure('', `${partition.pairs.f1.toFixed(4)} / ${blockingRecall.toFixed(4)}`);
    }
  }
}

async function scoreChinese(size: number, seed: number, threads: number): Promise<void> {
  const started = process.cpuUsage();
  const { outcome, model, verdict, seconds } = await runChinese(size, seed, threads);
  const cpu = process.cpuUsage(started);
  const memory = process.resourceUsage().maxRSS / 1024;
  const { automatic, links, partition, review, reviewShare, blockingRecall, missing } = verdict;
  say(
    `Chinese benchmark: ${size} records, seed ${seed}, ${threads} threads, ${cpus()[0]?.model ?? ''}, ${Math.round(totalmem() / 2 ** 30)} GB`,
  );
  figure(
    'automatic: pair precision',
    share(automatic.pairs.precision),
    '>= 0.9999',
    automatic.pairs.precision >= 0.9999,
  );
  figure('automatic: pair recall', share(automatic.pairs.recall), '>= 0.98', automatic.pairs.recall >= 0.98);
  const { found, both, truth } = automatic.pairs;
  figure('automatic: wrong pairs / all', `${found - both} / ${found}`);
  figure('automatic: whole people, precision', share(automatic.clusters.precision));
  figure('automatic: whole people, recall', share(automatic.clusters.recall));
  const most = review.questions + review.left.questions;
  figure('review: questions per record', share(review.share), '<= 0.01', review.share <= 0.01);
  figure('review: questions, pairs', `${review.questions} / ${review.pairs}`);
  figure('review: answered "the same"', share(review.same / Math.max(1, review.questions)));
  for (const [reason, { questions, same }] of Object.entries(review.byReason))
    figure(`  because of ${reason}: asked, the same`, `${questions} / ${same}`);
  figure('left unasked: questions, per record', `${review.left.questions} / ${share(review.left.questions / size)}`);
  figure('  the same, by the model and in truth', `${review.left.expectedLinks.toFixed(0)} / ${review.left.same}`);
  figure('  per record if all were asked', share(most / size));
  figure('review: records touched', share(reviewShare));
  figure('true pairs not automatic', `${truth - both} / ${truth}`);
  for (const [where, pairs] of Object.entries(missing).sort((x, y) => y[1] - x[1]))
    figure(`  ${whereTo[where as Missing] ?? `asked because of ${where}`}`, `${pairs}`);
  figure('more likely than not: precision', share(links.precision));
  figure('more likely than not: recall', share(links.recall));
  figure('clusters: pair F1', share(partition.pairs.f1));
  figure('blocking recall', share(blockingRecall));
  figure('automatic bound, bits', model.thresholds.automatic.toFixed(2));
  figure('pairs compared', String(outcome.report.comparisons));
  const { load, train, plan, score, cluster, recall, engine } = seconds;
  figure('seconds, all', engine.toFixed(0), '<= 480 at a million on 2 quiet cores', size > 1_000_000 || engine <= 480);
  figure('  make + load, train, plan', [load, train, plan].map((s) => s.toFixed(0)).join(' / '));
  figure('  score, cluster, estimate recall', [score, cluster, recall].map((s) => s.toFixed(0)).join(' / '));
  figure('CPU seconds, judging included', ((cpu.user + cpu.system) / 1e6).toFixed(0));
  figure('memory, peak, MB', memory.toFixed(0), '<= 2048 at a million', size > 1_000_000 || memory <= 2048);
}
