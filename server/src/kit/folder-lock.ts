import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const aliveServer = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  // After a reboot the number may belong to somebody else: where /proc says what it runs, it must be a server of ours.
  const file = `/proc/${pid}/cmdline`;
  return !existsSync(file) || readFileSync(file, 'utf8').includes('server/src/main.ts');
};

/** One server a data folder. @returns how to let go of it, or the process that holds it */
export function lockFolder(folder: string): { ok: true; release(): void } | { ok: false; pid: number } {
  const file = join(folder, 'server.pid');
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return { ok: true, release: () => rmSync(file, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const pid = Number(readFileSync(file, 'utf8'));
      if (pid > 0 && pid !== process.pid && aliveServer(pid)) return { ok: false, pid };
      rmSync(file, { force: true });
    }
  }
  return { ok: false, pid: 0 };
}
