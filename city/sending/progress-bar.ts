import type { Counts } from './send-city.ts';

/** A line on stderr that is drawn again, with rate and remaining time; or one JSON line a second. */
export class ProgressBar {
  total: number;
  json: boolean;
  startedAt = Date.now();
  drawnAt = 0;
  first: number | null = null;

  constructor(total: number, json: boolean) {
    this.total = total;
    this.json = json;
  }

  draw(counts: Counts, last = false): void {
    const now = Date.now();
    if (!last && now - this.drawnAt < (this.json || !process.stderr.isTTY ? 1_000 : 120)) return;
    this.drawnAt = now;
    const done = counts.sent + counts.skipped;
    const seconds = Math.max(0.001, (now - this.startedAt) / 1_000);
    const rate = counts.sent / seconds;
    const eta = rate > 0 ? Math.max(0, Math.round((this.total - done) / rate)) : null;
    if (this.json) {
      process.stdout.write(
        `${JSON.stringify({ progress: { ...counts, total: this.total, perSecond: Math.round(rate), secondsLeft: eta, done: last } })}\n`,
      );
      return;
    }
    const share = this.total === 0 ? 1 : done / this.total;
    const width = 28;
    const bar = '█'.repeat(Math.round(share * width)).padEnd(width, '░');
    const text = `  ${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${done}/${this.total}  ${Math.round(rate)}/s  ${last ? `${Math.round(seconds)} s` : eta === null ? '' : `${eta} s left · 剩余`}  refused ${counts.refused}`;
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[2K${text}${last ? '\n' : ''}` : `${text}\n`);
  }
}
