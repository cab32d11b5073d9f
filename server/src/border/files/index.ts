/**
 * Files as they lie in a folder: what kind they are, and tables (CSV) by a mapping that is data. Pure but for the pieces of the
 * file, which come in as an iterable.
 */
export { type CsvLimits, defaultCsvLimits } from './csv/csv-parser.ts';
export { type CsvItem, type CsvOptions, type CsvRow, readCsv } from './csv/read-csv.ts';
export { checkHeader, columnsOf, readMapping } from './mapping/check-mapping.ts';
export type { RowOptions } from './mapping/evaluate.ts';
export type { Expression, FactMapping, Mapping } from './mapping/model.ts';
export { translateRow } from './mapping/translate-row.ts';
export { type RuleId, rules } from './rules.ts';
export { type FileKind, SNIFF_BYTES, sniff } from './sniff.ts';
