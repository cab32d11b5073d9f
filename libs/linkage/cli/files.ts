import { createReadStream } from 'node:fs';
import type { Field } from '../compare/field.ts';
import { readCsv } from '../csv.ts';
import type { LinkageRecord } from '../schema.ts';
import { buildTable, type Table } from '../table/table.ts';

/** Streams the rows of a CSV file; `onRow` returning false stops reading. The first row is the heading. */
export async function readRows(
  path: string,
  onHead: (columns: string[]) => void,
  onRow: (cells: string[]) => boolean | undefined,
): Promise<void> {
  let head = true;
  let going = true;
  const reader = readCsv((cells) => {
    if (!going) return;
    if (head) {
      head = false;
      onHead(cells.map((cell) => cell.trim()));
    } else if (onRow(cells) === false) going = false;
  });
  const stream = createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 18 });
  for await (const piece of stream) {
    reader.push(piece as string);
    if (!going) {
      stream.destroy();
      return;
    }
  }
  reader.end();
}

/** Heading and first rows of a file, for guessing the schema. */
export async function readSample(path: string, most: number): Promise<{ columns: string[]; rows: string[][] }> {
  let columns: string[] = [];
  const rows: string[][] = [];
  await readRows(
    path,
    (head) => {
      columns = head;
    },
    (cells) => {
      rows.push(cells);
      return rows.length < most;
    },
  );
  return { columns, rows };
}

/** Reads files into one table. A column named by `keepColumn` is handed to `onKept` with the record id (answers for scoring). */
export async function loadTable(
  paths: readonly string[],
  fields: readonly Field[],
  idColumn: string | null,
  keepColumn?: string,
  onKept?: (file: number, id: string, value: string) => void,
): Promise<{ ok: true; table: Table } | { ok: false; reason: string }> {
  const builder = buildTable(fields);
  for (let file = 0; file < paths.length; file++) {
    let columns: string[] = [];
    let row = 0;
    await readRows(
      paths[file]!,
      (head) => {
        columns = head;
      },
      (cells) => {
        row++;
        const record: Record<string, string | string[]> = {};
        for (const { spec } of fields) {
          const cell = cells[columns.indexOf(spec.name)] ?? '';
          record[spec.name] = spec.separator && cell.includes(spec.separator) ? cell.split(spec.separator) : cell;
        }
        const at = idColumn === null ? -1 : columns.indexOf(idColumn);
        const id = at < 0 ? String(row).padStart(9, '0') : cells[at]!;
        builder.add(id, record satisfies LinkageRecord, file === 0 ? 0 : 1);
        if (keepColumn && onKept) onKept(file, id, cells[columns.indexOf(keepColumn)] ?? '');
        return undefined;
      },
    );
  }
  const result = builder.finish();
  return result.ok ? result : { ok: false, reason: `two rows have the id ${JSON.stringify(result.id)}` };
}
