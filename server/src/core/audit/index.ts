import type { Column } from '../../kit/copy.ts';
import type { TableWriter } from '../../kit/group-commit.ts';

export { sealAudit, type Verification, verifyAudit } from './chain.ts';
export { auditState, type LookRow, looksAt } from './tables.ts';

/**
 * One look at, or change of, somebody's data (IHE BALP 1.1 in spirit: who, what, whose, on which ground, under which trace).
 * `what` names kinds and ids, never content. `subject` is a source identity, `resident` a resident; a search over many
 * carries neither and names the question's parameters without their values.
 */
export type AuditEntry = {
  at: number;
  agent: string;
  role: string;
  institution: number | null;
  action: 'create' | 'read' | 'update' | 'delete' | 'search' | 'export' | 'login' | 'refused';
  what: string;
  subject?: bigint | null;
  resident?: bigint | null;
  ground: string;
  breakGlass?: boolean;
  trace: string;
};

const columns: Column[] = [
  ['at', 'timestamptz'],
  ['agent', 'text'],
  ['role', 'text'],
  ['institution', 'int4'],
  ['action', 'text'],
  ['what', 'text'],
  ['subject', 'int8'],
  ['resident', 'int8'],
  ['ground', 'text'],
  ['break_glass', 'bool'],
  ['trace', 'text'],
];

/** Joins the transaction of whatever is audited: a change is never durable without its entry. */
export const auditWriter: TableWriter<AuditEntry> = {
  name: 'audit',
  copies: (rows) => [
    {
      table: 'audit.entry',
      columns,
      rows: rows.map((row) => [
        row.at,
        row.agent,
        row.role,
        row.institution,
        row.action,
        row.what,
        row.subject ?? null,
        row.resident ?? null,
        row.ground,
        row.breakGlass ?? false,
        row.trace,
      ]),
    },
  ],
};
