import type { NameReader } from './compare/chinese-name.ts';
import { openFields } from './compare/field.ts';
import type { LinkageRecord, Schema } from './schema.ts';
import { buildTable, type TableResult } from './table/table.ts';

/** Builds a table from records in memory. `source` 1 marks records of the second file when two are linked. */
export function tableFromRecords(
  schema: Schema,
  records: Iterable<{ id: string; record: LinkageRecord; source?: 0 | 1 }>,
  names?: NameReader,
): TableResult {
  const builder = buildTable(openFields(schema.fields, names));
  for (const { id, record, source } of records) builder.add(id, record, source ?? 0);
  return builder.finish();
}
