import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export type UnixUser = { uid: number; gid: number; name: string };

/**
 * PostgreSQL refuses to run as root. As root we hand it to `postgres`, or to `nobody`, which every Unix has: no account is
 * ever created on somebody's machine. As an ordinary user it simply runs as that user (null).
 */
export function unprivilegedUser(): UnixUser | null {
  if (process.platform === 'win32' || process.getuid?.() !== 0) return null;
  const rows = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const row = rows.find(([candidate]) => candidate === name);
    if (row) return { name, uid: Number(row[2]), gid: Number(row[3]) };
  }
  throw new Error('Running as root, but neither a user "postgres" nor "nobody" exists to run PostgreSQL as.');
}

const others = 0o001;

/** Whether `user` can walk into `folder` (which may not exist yet): every existing ancestor must let others through. */
export function canReach(folder: string, user: UnixUser | null): boolean {
  if (!user) return true;
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(at)) {
      const { mode, uid } = statSync(at);
      if (uid !== user.uid && !(mode & others)) return false;
    }
    if (at === dirname(at)) return true;
  }
}

/** Makes `folder` so that others can walk through it (not list it), whatever the umask. */
export function makeTraversable(folder: string): void {
  if (existsSync(folder)) {
    accessSync(folder, constants.W_OK);
    return;
  }
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o711);
}
