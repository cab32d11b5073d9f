import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fsyncMilliseconds } from './fsync.ts';

type Figure = { workload: string; figure: string; value: number | string; unit: string; beside: string };

const commit = (): string => execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
let machine: string | undefined;

/** What the figures were measured on, with how long the disk takes to make 8 KB durable. */
export function machineLine(): string {
  machine ??= `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}, fsync p50 ${fsyncMilliseconds().p50} ms, commit ${commit()}`;
  return machine;
}

/** Figures as they come on the screen, and in the end as a page and a line of history in `results/`. */
export class Report {
  private readonly name: string;
  private readonly figures: Figure[] = [];

  constructor(name: string) {
    this.name = name;
  }

  note(workload: string, figure: string, value: number | string, unit: string, beside = ''): void {
    this.figures.push({ workload, figure, value, unit, beside });
    process.stdout.write(
      `  ${workload.padEnd(8)} ${figure.padEnd(52)} ${String(value).padStart(12)} ${unit.padEnd(14)} ${beside}\n`,
    );
  }

  write(): void {
    const at = new Date().toISOString();
    const results = join(import.meta.dirname, 'results');
    const file = `${at.slice(0, 16).replace(':', '')}-${this.name.replace(/[^\w]+/g, '-')}-${commit()}.md`;
    mkdirSync(results, { recursive: true });
    writeFileSync(
      join(results, file),
      [
        `# ${this.name}, ${at.slice(0, 16)}`,
        '',
        machineLine(),
        '',
        '| Workload | Figure | Value | Unit | Beside |',
        '|---|---|---|---|---|',
        ...this.figures.map(
          ({ workload, figure, value, unit, beside }) => `| ${workload} | ${figure} | ${value} | ${unit} | ${beside} |`,
        ),
        '',
      ].join('\n'),
    );
    appendFileSync(
      join(results, 'history.ndjson'),
      `${JSON.stringify({ at, commit: commit(), machine: machineLine(), name: this.name, figures: this.figures })}\n`,
    );
    process.stdout.write(`\n  bench/results/${file}\n`);
  }
}
