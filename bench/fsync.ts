import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How long this machine's disk takes to make 8 KB durable: every figure with "acknowledged" in it stands on this. */
export function fsyncMilliseconds(): { p50: number; p99: number } {
  const folder = mkdtempSync(join(tmpdir(), 'hutong-fsync-'));
  const file = openSync(join(folder, 'f'), 'w');
  const page = Buffer.alloc(8192, 7);
  const times: number[] = [];
  for (let n = 0; n < 200; n++) {
    const started = performance.now();
    writeSync(file, page);
    fsyncSync(file);
    times.push(performance.now() - started);
  }
  closeSync(file);
  rmSync(folder, { recursive: true });
  times.sort((a, b) => a - b);
  return { p50: Number((times[100] ?? 0).toFixed(2)), p99: Number((times[198] ?? 0).toFixed(2)) };
}
