import { expect, test } from 'vitest';
import { isDatabaseAway } from './database-away.ts';

test('what passes by itself is told from what a database will refuse each time', () => {
  // Shut down, starting up, too many connections, disk full, file too large for the file system, deadlock, a broken socket.
  for (const code of ['57P01', '57P03', '53300', '53100', 'XX000', '40P01', 'ECONNRESET'])
    expect(isDatabaseAway({ code }), code).toBe(true);
  expect(isDatabaseAway(new Error('Connection terminated unexpectedly'))).toBe(true);
  // A byte that no text may hold, a value too long, a row that breaks a check; and our own mistakes.
  for (const code of ['22021', '22001', '23514', '42P01']) expect(isDatabaseAway({ code }), code).toBe(false);
  expect(isDatabaseAway(new TypeError('x is not a function'))).toBe(false);
  expect(isDatabaseAway(undefined)).toBe(false);
});
