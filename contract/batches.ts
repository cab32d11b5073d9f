/**
 * Registrations of residents as one table. `POST /api/registration-batches` BatchUpload → BatchView (201; 200 when this very file was uploaded before):
 * its rows are taken in the background, each as a message of its own, and a restart goes on where it was. `GET …` → BatchList; `GET …/:id` → BatchView;
 * `GET …/:id/results.csv`: row, line, outcome, state, resident, message, rules. Permission `registrations.load`; an institution sees its own.
 */
export type BatchUpload = {
  fileName: string;
  /** A mapping of the kind of `server/src/border/files/mappings`; the shipped one for registrations where absent. */
  mapping?: unknown;
  /** The file's bytes (UTF-8 or GB18030) as base64. */
  content: string;
};

/** unreadable: no header that could be read; what is wrong with single rows stands with them. */
export type BatchState = 'running' | 'done' | 'unreadable';

export type BatchView = {
  id: string;
  fileName: string;
  mapping: string;
  at: string;
  finishedAt: string | null;
  state: BatchState;
  bytes: number;
  /** Rows looked at so far. */
  rows: number;
  /** Rows by what they are now: taken (on the way), done, held, again, conflict, unreadable. */
  counts: Readonly<Record<string, number>>;
};

export type BatchMapping = { id: string; zh: string; en: string; columns: { name: string; required: boolean }[] };
export type BatchList = { items: BatchView[]; mapping: BatchMapping };
