import { dateRange, OPEN_END, OPEN_START } from '../date.ts';
import { list, type Out, object } from './json.ts';

export function datePrimitive(o: Out, param: string, x: unknown): void {
  const range = typeof x === 'string' ? dateRange(x) : undefined;
  if (range !== undefined) o.push({ kind: 'date', param, start: range.start, end: range.end });
}

function limits(x: unknown): { start: number; end: number } | undefined {
  const p = object(x);
  if (p === undefined || (p.start === undefined && p.end === undefined)) return undefined;
  const from = typeof p.start === 'string' ? dateRange(p.start) : undefined;
  const to = typeof p.end === 'string' ? dateRange(p.end) : undefined;
  if (from === undefined && to === undefined) return undefined;
  return { start: from?.start ?? OPEN_START, end: to?.end ?? OPEN_END };
}

export function datePeriod(o: Out, param: string, x: unknown): void {
  const l = limits(x);
  if (l !== undefined) o.push({ kind: 'date', param, start: l.start, end: l.end });
}

/** "Only the outer limits matter" of a Timing: its events and the period that bounds its repetition. */
export function dateTiming(o: Out, param: string, x: unknown): void {
  const t = object(x);
  if (t === undefined) return;
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  const widen = (r: { start: number; end: number } | undefined): void => {
    if (r === undefined) return;
    start = Math.min(start, r.start);
    end = Math.max(end, r.end);
  };
  for (const event of list(t.event)) if (typeof event === 'string') widen(dateRange(event));
  widen(limits(object(t.repeat)?.boundsPeriod));
  if (start <= end) o.push({ kind: 'date', param, start, end });
}
