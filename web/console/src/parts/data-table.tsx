import { type ReactNode, useEffect, useRef, useState } from 'react';
import { usePartWords } from './words.ts';

export type Column<Row> = {
  key: string;
  title: string;
  cell: (row: Row) => ReactNode;
  align?: 'right';
  /** Makes the heading a sort button; the value decides the order, text by the language's own collation. */
  sortBy?: (row: Row) => string | number | null;
  /** The first column names the row, for screen readers and as the title of its card on a narrow screen. */
  isRowName?: boolean;
};

export type Sort = { key: string; down: boolean };

/** Nulls last in both directions, so that "no value" never hides the extreme one looks for. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: Sort | null,
  language: string,
): Row[] {
  const value = columns.find((column) => column.key === sort?.key)?.sortBy;
  if (!sort || !value) return [...rows];
  const collator = new Intl.Collator(language);
  return rows.toSorted((one, other) => {
    const [a, b] = [value(one), value(other)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    const order = typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
    return sort.down ? -order : order;
  });
}

/** Whether the content is wider than its frame: only then must the frame be reachable by keyboard. */
function useOverflow(frame: { current: HTMLElement | null }): boolean {
  const [overflows, setOverflows] = useState(false);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const watcher = new ResizeObserver(() => setOverflows(element.scrollWidth > element.clientWidth));
    watcher.observe(element);
    if (element.firstElementChild) watcher.observe(element.firstElementChild);
    return () => watcher.disconnect();
  }, [frame]);
  return overflows;
}

/** A real table; below 720 px each row becomes a card whose cells carry their column's name, unless `narrow` says otherwise. */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  rowKey,
  sort,
  onSort,
  rowClass,
  dense = false,
  narrow = 'cards',
}: {
  caption: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row, index: number) => string;
  sort?: Sort | null;
  onSort?: (sort: Sort) => void;
  rowClass?: (row: Row) => string | undefined;
  dense?: boolean;
  /** On a narrow screen: a card per row, or the table scrolling sideways in its frame (for short rows of numbers). */
  narrow?: 'cards' | 'scroll';
}) {
  const say = usePartWords();
  const frame = useRef<HTMLElement>(null);
  const scrolls = useOverflow(frame);
  return (
    <section
      ref={frame}
      className="table-frame"
      aria-label={scrolls ? say('scrollTable', { name: caption }) : undefined}
      tabIndex={scrolls ? 0 : undefined}
    >
      <table className={`table${dense ? ' table-dense' : ''}${narrow === 'cards' ? ' table-cards' : ''}`}>
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => {
              const sorted = sort?.key === column.key;
              return (
                <th
                  key={column.key}
                  scope="col"
                  className={column.align === 'right' ? 'right' : undefined}
                  aria-sort={sorted ? (sort.down ? 'descending' : 'ascending') : undefined}
                >
                  {column.sortBy && onSort ? (
                    <button
                      type="button"
                      className="sort"
                      onClick={() => onSort({ key: column.key, down: sorted ? !sort.down : column.align === 'right' })}
                    >
                      {column.title}
                      <span aria-hidden="true">{sorted ? (sort.down ? ' ▾' : ' ▴') : ' ▿'}</span>
                      {sorted && <span className="unseen"> {say(sort.down ? 'sortedDown' : 'sortedUp')}</span>}
                    </button>
                  ) : (
                    column.title
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={rowKey(row, index)} className={rowClass?.(row)}>
              {columns.map((column) =>
                column.isRowName ? (
                  <th key={column.key} scope="row" className="row-name">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td
                    key={column.key}
                    data-label={column.title}
                    className={column.align === 'right' ? 'right' : undefined}
                  >
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
