import type { ExchangeField, ExchangeKind } from '@hutong/contract/surveillance.ts';

export type Problem = { line: number; zh: string; en: string };
export type Incoming = Record<string, string>;
const mostRows = 5000;
const longest = 300;

/** RFC 4180 rows: quoted cells may hold commas, line ends and doubled quotes. */
export function csvCells(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const source = text.replace(/^\uFEFF/, '');
  for (let at = 0; at < source.length; at++) {
    const mark = source[at] as string;
    if (quoted) {
      if (mark !== '"') cell += mark;
      else if (source[at + 1] === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (mark === '"' && cell === '') quoted = true;
    else if (mark === ',') {
      row.push(cell);
      cell = '';
    } else if (mark === '\n' || mark === '\r') {
      if (mark === '\r' && source[at + 1] === '\n') at++;
      rows.push([...row, cell]);
      row = [];
      cell = '';
    } else cell += mark;
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  return rows.filter((cells) => cells.some((one) => one.trim() !== ''));
}

function raw(body: Buffer, contentType: string): Incoming[] | null {
  const text = body.toString('utf8');
  if (!contentType.includes('json')) {
    const [head, ...lines] = csvCells(text);
    return head
      ? lines.map((cells) => Object.fromEntries(head.map((name, at) => [name.trim(), (cells[at] ?? '').trim()])))
      : null;
  }
  try {
    const { items } = JSON.parse(text) as { items?: unknown };
    return Array.isArray(items)
      ? items.map((item) =>
          Object.fromEntries(
            Object.entries((item ?? {}) as object).map(([name, value]) => [
              name,
              value === null ? '' : String(value).trim(),
            ]),
          ),
        )
      : null;
  } catch {
    return null;
  }
}

/**
 * Reads what a department sent, whole or not at all. A field that the agreement does not name is a mistake and not something to be dropped
 * silently: the sender must not send it. `isArea` tells whether an area code is known on a day.
 */
export function readRows(
  body: Buffer,
  contentType: string,
  kind: ExchangeKind,
  fields: ExchangeField[],
  agreed: string[],
  isArea: (code: string) => boolean,
  today: string,
): { rows: Incoming[]; problems: Problem[] } {
  const rows = raw(body, contentType);
  if (!rows)
    return {
      rows: [],
      problems: [
        { line: 0, zh: '需要 JSON {items[]} 或带表头的 CSV', en: 'expected JSON {items[]} or CSV with a heading' },
      ],
    };
  const problems: Problem[] = [];
  if (rows.length === 0 || rows.length > mostRows)
    problems.push({ line: 0, zh: `须为 1 至 ${mostRows} 行`, en: `1 to ${mostRows} rows` });
  const own = fields.filter((field) => field.kind === kind);
  const keys = new Set<string>();
  rows.slice(0, mostRows).forEach((row, index) => {
    const say = (zh: string, en: string): void => void problems.push({ line: index + 1, zh, en });
    for (const [name, value] of Object.entries(row)) {
      const isKnown = own.some(({ code }) => code === name);
      const isAgreed = agreed.includes(name) || own.some(({ code, required }) => code === name && required);
      if (value !== '' && !(isKnown && isAgreed))
        say(
          `字段 ${name.slice(0, 40)} 不在协议范围内，不得提供`,
          `the field ${name.slice(0, 40)} is not part of the agreement and must not be sent`,
        );
      if (value.length > longest) say(`字段 ${name.slice(0, 40)} 过长`, `the field ${name.slice(0, 40)} is too long`);
    }
    for (const { code, required, zh, en } of own) if (required && !row[code]) say(`缺少${zh}`, `${en} is missing`);
    if (row.area && !isArea(row.area)) say('没有这个行政区划代码', 'no area has this code');
    if (row.day && (!/^\d{4}-\d{2}-\d{2}$/.test(row.day) || Number.isNaN(Date.parse(row.day))))
      say('日期无效', 'the day is not valid');
    else if (row.day && row.day > today) say('日期在未来', 'the day lies in the future');
    if (row.key && keys.has(row.key)) say('同一文件中编号重复', 'the key stands twice in this file');
    if (row.key) keys.add(row.key);
  });
  return { rows, problems };
}
