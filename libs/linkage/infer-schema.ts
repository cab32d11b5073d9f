import { isBlank } from './compare/comparator.ts';
import { foldDate } from './compare/date.ts';
import type { FieldKind, FieldSpec, Schema } from './schema.ts';
import { foldText, hasHan } from './strings/fold.ts';

export type Inference = {
  /** Column that names the record, or null: rows are then numbered. */
  idColumn: string | null;
  schema: Schema;
  /** Columns not compared, with the reason, for the user to overrule. */
  left: {
    column: string;
    reason: 'identifies-the-record' | 'looks-like-an-answer' | 'constant' | 'empty' | 'composed-of-others';
  }[];
};

/** Headings of columns that hold the answer or name the row. Comparing on them would be cheating or noise. */
const ANSWER = /^(cluster|entity|ground_?truth|truth|label|match|gold|true)(_?(id|no|key|label))?$/;
const ROW_ID = /^(id|rec(ord)?[_ ]?(id|no)|unique[_ ]?id|row[_ ]?(id|no)|index|no|编号|序号|记录号)$/;

const NAMES: [RegExp, FieldKind][] = [
  [/birth[_ ]?place|place[_ ]?of[_ ]?birth|suburb|city|town|village|county|区县|乡镇|街道|出生地|籍贯/, 'text'],
  [/dob|birth|date|_dt$|日期|出生|生日/, 'date'],
  [/phone|mobile|tel(ephone)?$|cell|手机|电话|联系方式/, 'phone'],
  [/post|zip|邮编/, 'code'],
  [/street[_ ]?n(o|um)|house[_ ]?n(o|um)|门牌/, 'code'],
  [/addr|street|住址|地址/, 'address'],
  [/sex|gender|性别|state|province|race|ethnic|民族|marital|婚/, 'category'],
  [/ssn|soc_?sec|nhs|passport|licen[cs]e|national|card|ident|证件|身份证|社保|医保|卡号|证号/, 'identifier'],
  [/e?mail|邮箱/, 'text'],
  [/full[_ ]?name|^name$/, 'full-name'],
  [/surname|last|family|given|first|fore|middle|姓名|^姓$|^名$|name/, 'name'],
];

type Profile = {
  column: string;
  filled: number;
  distinct: number;
  values: string[];
  words: number;
  han: number;
  digits: number;
  dates: number;
  length: number;
};

/** Guesses a schema from headings and a sample of rows. Knows no data set: only words for columns and the look of values. */
export function inferSchema(columns: readonly string[], rows: readonly (readonly string[])[]): Inference {
  const profiles = columns.map((column, c) =>
    profile(
      column,
      rows.map((row) => row[c] ?? ''),
    ),
  );
  const out: Inference = { idColumn: null, schema: { fields: [] }, left: [] };
  const id =
    profiles.find((p) => ROW_ID.test(p.column.toLowerCase()) && p.distinct === rows.length) ??
    profiles.find(
      (p) => /(^|_)id$|编号/.test(p.column.toLowerCase()) && p.distinct === rows.length && !kindByName(p.column),
    );
  out.idColumn = id?.column ?? null;
  const kept: Profile[] = [];
  for (const p of profiles) {
    if (p === id) out.left.push({ column: p.column, reason: 'identifies-the-record' });
    else if (ANSWER.test(p.column.toLowerCase())) out.left.push({ column: p.column, reason: 'looks-like-an-answer' });
    else if (p.filled < rows.length * 0.01) out.left.push({ column: p.column, reason: 'empty' });
    else if (p.distinct <= 1) out.left.push({ column: p.column, reason: 'constant' });
    else kept.push(p);
  }
  const fields: FieldSpec[] = [];
  for (const p of kept) {
    if (isComposed(p, kept)) out.left.push({ column: p.column, reason: 'composed-of-others' });
    else fields.push(fieldFor(p));
  }
  joinSwappable(fields);
  out.schema = { fields };
  return out;
}

function profile(column: string, all: readonly string[]): Profile {
  const values = all.map((value) => (isBlank(value) ? '' : value.trim()));
  const filled = values.filter((value) => value !== '');
  const share = (test: (value: string) => boolean) => filled.filter(test).length / Math.max(filled.length, 1);
  const sum = (of: (value: string) => number) =>
    filled.reduce((total, value) => total + of(value), 0) / Math.max(filled.length, 1);
  return {
    column,
    values,
    filled: filled.length,
    distinct: new Set(filled).size,
    words: sum((value) => value.split(/\s+/).length),
    length: sum((value) => value.length),
    han: share(hasHan),
    digits: share((value) => /^[\d\s+()-]*\d[\d\s+()-]*[xX]?$/.test(value)),
    dates: share(looksLikeDate),
  };
}

function looksLikeDate(value: string): boolean {
  const date = foldDate(value);
  if (date.length !== 8) return false;
  const [year, month, day] = [Number(date.slice(0, 4)), Number(date.slice(4, 6)), Number(date.slice(6))];
  return year >= 1000 && year <= 2100 && month <= 12 && day <= 31 && (month > 0 || value.length === 4);
}

function kindByName(column: string): FieldKind | undefined {
  return NAMES.find(([words]) => words.test(column.toLowerCase()))?.[1];
}

function fieldFor(p: Profile): FieldSpec {
  const named = kindByName(p.column);
  const kind = adjustKind(named ?? kindByValues(p), p);
  const spec: FieldSpec = { name: p.column, kind };
  if (kind === 'identifier' && share(p, (value) => /^\d{17}[\dxX]$|^\d{15}$/.test(value)) > 0.6) spec.check = 'mod11-2';
  const separator = ['|', ';'].find((sign) => share(p, (value) => value.includes(sign)) > 0.02);
  if (separator !== undefined && kind !== 'address') spec.separator = separator;
  return spec;
}

/** A heading says what a column is called; the values must bear it out. */
function adjustKind(kind: FieldKind, p: Profile): FieldKind {
  if (kind === 'date' && p.dates < 0.5) return kindByValues(p);
  if ((kind === 'name' || kind === 'full-name') && p.han > 0.5) return 'chinese-name';
  if (kind === 'name' && p.words > 1.6) return 'full-name';
  if (kind === 'full-name' && p.words < 1.3) return 'name';
  if ((kind === 'phone' || kind === 'identifier') && p.distinct < 30 && p.filled > 200) return 'category';
  if (kind === 'category' && p.distinct > Math.max(200, p.filled * 0.2)) return 'text';
  if (kind === 'address' && p.words < 2.6 && p.han < 0.5) return 'text';
  return kind;
}

function kindByValues(p: Profile): FieldKind {
  if (p.dates > 0.8 && (p.length >= 8 || p.length === 4) && p.distinct > 20) return 'date';
  if (p.distinct <= 40 && p.distinct < p.filled * 0.2) return 'category';
  if (share(p, (value) => /^1[3-9]\d{9}$/.test(value)) > 0.7) return 'phone';
  if (share(p, (value) => /^\D{0,3}\d[\d,]*\.\d+$/.test(value)) > 0.7) return 'number';
  if (p.digits > 0.8) {
    if (p.length >= 6 && p.distinct > p.filled * 0.1) return 'identifier';
    return p.length <= 6 ? 'code' : 'identifier';
  }
  if (p.han > 0.5) return p.length <= 4.5 ? 'chinese-name' : 'address';
  if (p.words >= 3) return 'address';
  return share(p, (value) => /\d/.test(value)) > 0.7 && p.length <= 10 ? 'code' : 'text';
}

function share(p: Profile, test: (value: string) => boolean): number {
  return p.values.filter((value) => value !== '' && test(value)).length / Math.max(p.filled, 1);
}

/**
 * A column whose words are mostly those of two or more shorter columns (full name beside first name and surname) tells
 * nothing new; counting it too would double the evidence.
 */
function isComposed(p: Profile, all: readonly Profile[]): boolean {
  const parts = all.filter((other) => other !== p && other.words < p.words - 0.2 && isPartOf(other, p));
  if (parts.length < 2) return false;
  let rows = 0;
  let covered = 0;
  for (let row = 0; row < p.values.length; row++) {
    if (p.values[row] === '') continue;
    rows++;
    const words = new Set(parts.flatMap((part) => foldText(part.values[row]!).split(' ')));
    const own = foldText(p.values[row]!).split(' ');
    if (own.filter((word) => words.has(word)).length >= Math.max(1, own.length - 1)) covered++;
  }
  // Where the whole is often filled and the parts are not, the whole is worth more than its parts.
  const filledParts = Math.min(...parts.map((part) => part.filled));
  return rows > 0 && covered / rows > 0.6 && filledParts > p.filled * 0.8;
}

function isPartOf(part: Profile, whole: Profile): boolean {
  let rows = 0;
  let within = 0;
  for (let row = 0; row < whole.values.length; row++) {
    if (part.values[row] === '' || whole.values[row] === '') continue;
    rows++;
    if (` ${foldText(whole.values[row]!)} `.includes(` ${foldText(part.values[row]!)} `)) within++;
  }
  return rows > 10 && within / rows > 0.7;
}

/** Given name and surname are often written in each other's column. */
function joinSwappable(fields: FieldSpec[]): void {
  const given = fields.find((field) => field.kind === 'name' && /given|first|fore|^名$/.test(field.name.toLowerCase()));
  const family = fields.find(
    (field) => field.kind === 'name' && /surname|last|family|^姓$/.test(field.name.toLowerCase()),
  );
  if (!given || !family) return;
  given.swapWith = family.name;
  family.swapWith = given.name;
}
