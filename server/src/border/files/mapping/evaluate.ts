import { parseResidentNumber } from '@hutong/china';
import { systems } from '@hutong/contract/systems.ts';
import { shippedTerminology } from '../../../core/terminology/index.ts';
import type { BorderIssue } from '../../fact.ts';
import { keyText } from '../../key-text.ts';
import type { CsvRow } from '../csv/read-csv.ts';
import { issue, type RuleId } from '../rules.ts';
import { readDate, usualFormats } from './date-format.ts';
import type { Expression } from './model.ts';

type Column = Extract<Expression, { column: string }>;
const NUMBER = /^(<=|>=|<|>|≤|≥)?\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)$/;
const COMPARATORS: Record<string, string> = { '≤': '<=', '≥': '>=' };
const TRUE = new Set(['1', '是', '有', 'Y', 'y', 'yes', 'true', 'TRUE']);
const FALSE = new Set(['0', '否', '无', 'N', 'n', 'no', 'false', 'FALSE']);

export type RowOptions = { institution: string; receivedAt: string };

/** Values of one row; remembers what is wrong with it and which columns gave something. */
export class RowReading {
  readonly issues: BorderIssue[] = [];
  readonly used = new Set<string>();
  readonly row: CsvRow;
  readonly options: RowOptions;
  /** Key of the Patient of this row. */
  patientKey = '';

  constructor(row: CsvRow, options: RowOptions) {
    this.row = row;
    this.options = options;
  }

  report(rule: RuleId, column: string): void {
    const path = `row ${this.row.row} (line ${this.row.line}), column ${column}`;
    if (this.issues.some((known) => known.rule === rule && known.path === path)) return;
    this.issues.push(issue(rule, path, column));
  }

  cell(column: string): string {
    this.used.add(column);
    return this.row.values[column]?.trim() ?? '';
  }

  /** Today in Asia/Shanghai at the time of receipt. */
  get today(): string {
    return new Date(Date.parse(this.options.receivedAt) + 8 * 3_600_000).toISOString().slice(0, 10);
  }

  text(expression: Expression): string {
    const value = this.value(expression);
    return value === undefined || value === null ? '' : String(value);
  }

  key(parts: readonly Expression[]): string {
    return keyText(...parts.map((part) => this.text(part)));
  }

  value(expression: Expression): unknown {
    if ('constant' in expression) return expression.constant;
    if ('first' in expression)
      return expression.first.map((one) => this.value(one)).find((one) => one !== undefined && one !== '');
    if ('concat' in expression) {
      const parts = expression.concat.map((one) => this.text(one)).filter((part) => part !== '');
      return parts.length === 0 ? undefined : parts.join(expression.separator ?? '');
    }
    if ('reference' in expression) {
      const key = expression.key ? this.key(expression.key) : this.patientKey;
      return key === '' ? undefined : { reference: `key:${expression.reference}|${key}` };
    }
    return this.#column(expression);
  }

  #column(from: Column): unknown {
    const written = this.cell(from.column);
    if (written === '') {
      if (from.required) this.report('files.required', from.column);
      return undefined;
    }
    let text = written;
    if (from.codes) {
      const code = Object.hasOwn(from.codes, written) ? from.codes[written] : undefined;
      if (code === undefined) {
        this.report('files.unknown-code', from.column);
        this.used.delete(from.column);
        return undefined;
      }
      text = code;
    }
    return this.#cast(from, text);
  }

  #cast(from: Column, text: string): unknown {
    switch (from.as ?? 'text') {
      case 'text':
        return text;
      case 'date':
      case 'dateTime':
        return this.#date(from, text);
      case 'number':
        return this.#number(from, text);
      case 'boolean':
        if (TRUE.has(text)) return true;
        if (FALSE.has(text)) return false;
        return this.#left('files.unknown-code', from.column);
      case 'unit':
        return this.#unit(from.column, text).code;
      case 'coding':
        return {
          system: this.#system(from.system),
          code: text.replace(/\s+/g, ' '),
          display: from.display === undefined ? undefined : this.cell(from.display),
        };
      case 'identifier':
        return { system: this.#system(from.system), value: text };
      case 'resident-number':
        return this.#residentNumber(from.column, text);
      case 'result':
        return this.#result(from, text);
    }
  }

  #date(from: Column, text: string): string | undefined {
    const found = readDate(text, from.formats ?? usualFormats);
    if (found === undefined) return this.#left('files.bad-date', from.column);
    return from.as === 'date' ? found.slice(0, 10) : found;
  }

  #number(from: Column, text: string): number | undefined {
    const value = Number(text.normalize('NFKC').replaceAll(',', ''));
    return Number.isFinite(value) ? value : this.#left('files.bad-number', from.column);
  }

  #result(from: Column, text: string): unknown {
    const unit = from.unit === undefined ? '' : this.cell(from.unit);
    const parts = NUMBER.exec(text.normalize('NFKC'));
    if (!parts) return { valueString: unit === '' ? text : `${text} ${unit}` };
    const sign = parts[1] ?? '';
    const comparator = COMPARATORS[sign] ?? sign;
    const named = unit === '' ? {} : this.#unit(from.unit!, unit);
    return { valueQuantity: { value: Number(parts[2]), ...(comparator === '' ? {} : { comparator }), ...named } };
  }

  #unit(column: string, text: string): { unit: string; system?: string; code?: string } {
    const code = shippedTerminology().unit(text);
    if (code !== undefined) return { unit: text, system: systems.ucum, code };
    this.report('files.unknown-unit', column);
    return { unit: text };
  }

  #residentNumber(column: string, text: string): unknown {
    const type = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'NI' }] };
    const parsed = parseResidentNumber(text, this.today);
    if (parsed.ok) return { use: 'official', type, system: systems.residentNumber, value: parsed.value.number18 };
    this.report('files.resident-number', column);
    return {
      use: 'temp',
      type,
      system: `urn:hutong:institution:${encodeURIComponent(this.options.institution)}:resident-number-unverified`,
      value: text,
    };
  }

  #system(system: string | undefined): string | undefined {
    const local = /^local(?::(.+))?$/.exec(system ?? '');
    if (!local) return system;
    const own = `urn:hutong:institution:${encodeURIComponent(this.options.institution)}`;
    return local[1] === undefined ? own : `${own}:${local[1]}`;
  }

  /** A cell that could not be used counts as left over. */
  #left(rule: RuleId, column: string): undefined {
    this.report(rule, column);
    this.used.delete(column);
    return undefined;
  }
}
