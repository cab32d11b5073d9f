import { createHash } from 'node:crypto';
import { canReach, unprivilegedUser } from './postgres/index.ts';

/**
 * Where the data really go. As root, PostgreSQL runs as another user, who cannot walk into a 0700 home (/root, most often): then
 * the folder is /var/lib/hutong/<hash of the wanted path>, the same one every time.
 */
export function usableDataFolder(wanted: string): string {
  if (canReach(wanted, unprivilegedUser())) return wanted;
  return `/var/lib/hutong/${createHash('sha256').update(wanted).digest('hex').slice(0, 12)}`;
}
