import type { Directory } from '../../../core/directory/index.ts';
import type { Pool } from '../../../kit/pool.ts';
import { type WorkLoop, workLoop } from '../../../kit/work-loop.ts';
import { type CsvItem, checkHeader, type Mapping, readCsv, readMapping } from '../../files/index.ts';
import { readRow } from '../adapters/rows.ts';
import type { Intake } from '../receive.ts';
import { type BatchRow, endBatch, type RowResult, releaseBatch, rowsDone, saveRows, takeBatch } from './tables.ts';

/** What is kept of an upload until its rows are messages. */
export type Upload = { mapping: unknown; content: string };
type Options = { pool: Pool; intake: Intake; directory: Directory; onError(error: unknown): void };

const leaseSeconds = 30;
/** Rows under way at once: they share commits, and one file does not take the whole pool. */
const abreast = 32;

/** What is wrong with the header stands in the results as row 0. */
const headless = (rules: readonly string[]): RowResult => ({
  row: 0,
  line: 1,
  outcome: 'unreadable',
  message: null,
  rules: [...new Set(rules)],
});

/** The store is away for a moment: the batch is given back, and taken up again where it stands. */
class Away extends Error {}

/**
 * Takes uploaded tables row by row, each row a message of its own: a row taken twice is one message, so a restart goes on where it was and loses and
 * doubles nothing.
 */
export function startBatches({ pool, intake, directory, onError }: Options): WorkLoop {
  async function take(batch: BatchRow, mapping: Mapping, items: readonly CsvItem[]): Promise<RowResult[]> {
    const institution = directory.institution(batch.institution);
    const submission = {
      sender: batch.byId,
      institution: { id: batch.institution, code: institution?.code ?? '' },
      receivedAt: Date.now(),
      trace: `batch-${batch.id}`,
    };
    return Promise.all(
      items.map(async (item): Promise<RowResult> => {
        if (item.kind !== 'row') throw new Error('only rows are taken');
        const { outcome, message, issues } = await intake.receive(readRow(mapping, item, submission));
        if (outcome === 'unavailable') throw new Away('nothing can be stored at this moment');
        const rules = issues.filter(({ severity }) => severity === 'error').map(({ rule }) => rule);
        return { row: item.row, line: item.line, outcome, message, rules };
      }),
    );
  }

  async function run(batch: BatchRow & { data: Buffer }, stopped: () => boolean): Promise<void> {
    const { mapping: given, content } = JSON.parse(batch.data.toString()) as Upload;
    const read = readMapping(given);
    if ('issues' in read) return endBatch(pool, batch.id, 'unreadable');
    const { mapping } = read;
    const done = await rowsDone(pool, batch.id);
    let page: CsvItem[] = [];
    let number = 0;
    let headed = false;
    const flush = async (): Promise<void> => {
      if (page.length > 0) await saveRows(pool, batch.id, await take(batch, mapping, page), leaseSeconds);
      page = [];
    };
    const pieces = [Buffer.from(content, 'base64')];
    const { delimiter, charset } = mapping;
    for await (const item of readCsv(pieces, { ...(delimiter && { delimiter }), ...(charset && { charset }) })) {
      if (stopped()) return releaseBatch(pool, batch.id);
      if (item.kind === 'header') {
        const missing = checkHeader(mapping, item.columns);
        headed = missing.length === 0;
        if (!headed) await saveRows(pool, batch.id, [headless(missing.map(({ rule }) => rule))], leaseSeconds);
        continue;
      }
      if (!headed) break;
      number = item.kind === 'row' ? item.row : number + 1;
      if (number <= done) continue;
      if (item.kind === 'row') page.push(item);
      else {
        await flush();
        const broken = { row: number, line: item.line, outcome: 'unreadable', message: null, rules: [item.issue.rule] };
        await saveRows(pool, batch.id, [broken], leaseSeconds);
      }
      if (page.length >= abreast) await flush();
    }
    await flush();
    await endBatch(pool, batch.id, headed ? 'done' : 'unreadable');
  }

  return workLoop(
    async (stopped) => {
      const batch = await takeBatch(pool, leaseSeconds);
      if (!batch) return false;
      try {
        await run(batch, stopped);
      } catch (error) {
        await releaseBatch(pool, batch.id).catch(onError);
        throw error;
      }
      return true;
    },
    { pauseMs: 2000, onError },
  );
}
