/** SQLSTATE classes that say nothing against the rows: connection, rollback by contention, resources, object state, operator, system, internal. */
const passing = /^(08|40|53|55|57|58|XX)/;

/**
 * Whether an error tells of a database that is away, restarting, full or busy. Then the same work may succeed later; any other error of a
 * database (a value it cannot store) comes again each time.
 */
export function isDatabaseAway(error: unknown): boolean {
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string };
  return (
    passing.test(code) ||
    ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE'].includes(code) ||
    /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Client was closed/.test(
      message,
    )
  );
}
