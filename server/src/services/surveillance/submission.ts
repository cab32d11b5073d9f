import type { Submission } from './tables/counts.ts';

type Problem = { line: number; zh: string; en: string };
export type Read = { agreement: string; items: Submission[]; problems: Problem[] };

const mostLines = 50_000;
const columns = ['topic', 'area', 'day', 'value'] as const;
const isDay = (day: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(day) &&
  !Number.isNaN(Date.parse(day)) &&
  new Date(Date.parse(day)).toISOString().startsWith(day);

function rowsOf(text: string): { agreement: string | null; rows: Record<string, unknown>[] } | null {
  try {
    const { agreement, items } = JSON.parse(text) as { agreement?: unknown; items?: unknown };
    return Array.isArray(items)
      ? {
          agreement: typeof agreement === 'string' ? agreement : null,
          rows: items.map((item) => (item ?? {}) as Record<string, unknown>),
        }
      : null;
  } catch {
    return null;
  }
}

/** Comma-separated with a heading line `topic,area,day,value` in any order of columns; quotes around a cell are taken off. */
function csvRows(text: string): Record<string, unknown>[] | null {
  const [head = '', ...lines] = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const cells = (line: string): string[] => line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  const names = cells(head);
  if (!columns.every((column) => names.includes(column))) return null;
  return lines.map((line) => {
    const found = cells(line);
    return Object.fromEntries(names.map((name, index) => [name, found[index] ?? '']));
  });
}

/** Reads what a department posted; every line that is not valid is named. A missing value is not a zero: it is refused. */
export function readSubmission(body: Buffer, contentType: string, agreement: string, today: string): Read {
  const text = body.toString('utf8');
  const json = contentType.includes('json') ? rowsOf(text) : null;
  const rows = contentType.includes('json') ? json?.rows : csvRows(text);
  const named = json?.agreement ?? agreement;
  if (!rows)
    return {
      agreement: named,
      items: [],
      problems: [
        {
          line: 0,
          zh: '需要 JSON {agreement, items[]} 或带表头 topic,area,day,value 的 CSV',
          en: 'expected JSON {agreement, items[]} or CSV with the heading topic,area,day,value',
        },
      ],
    };
  const problems: Problem[] = [];
  if (rows.length === 0 || rows.length > mostLines)
    problems.push({ line: 0, zh: `须为 1 至 ${mostLines} 行`, en: `1 to ${mostLines} lines` });
  const seen = new Set<string>();
  const items = rows.slice(0, mostLines).map((row, index): Submission => {
    const [topic, area, day] = [String(row.topic ?? ''), String(row.area ?? ''), String(row.day ?? '')];
    const value =
      typeof row.value === 'number'
        ? row.value
        : /^\d+(\.\d+)?$/.test(String(row.value ?? ''))
          ? Number(row.value)
          : Number.NaN;
    const say = (zh: string, en: string): void => void problems.push({ line: index + 1, zh, en });
    if (!Number.isFinite(value) || value < 0) say('数值缺失或为负', 'the value is missing or negative');
    if (!isDay(day)) say('日期无效', 'the day is not valid');
    else if (day > today) say('日期在未来', 'the day lies in the future');
    if (!/^\d{6}$/.test(area)) say('行政区划代码须为 6 位数字', 'an area code has 6 digits');
    const key = `${topic} ${area} ${day}`;
    if (seen.has(key)) say('同一文件中重复', 'stands twice in this file');
    seen.add(key);
    return { topic, area, day, value };
  });
  return { agreement: named, items, problems };
}
