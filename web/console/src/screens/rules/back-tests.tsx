import { useFormat } from '../../app/format.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import type { Tried } from './rules.tsx';
import { useSettingsLine } from './settings-line.ts';
import { useRuleWords } from './words.ts';

/** The tests of this visit side by side, and the inbox of the newest. */
export function BackTests({ tried }: { tried: Tried[] }) {
  const say = useRuleWords();
  const text = useSettingsLine();
  const { pick, number } = useFormat();
  const newest = tried[0]?.test;
  const round = (value: number): string => number(Math.round(value * 10) / 10);
  const columns: Column<Tried>[] = [
    {
      key: 'setting',
      title: say('setting'),
      isRowName: true,
      cell: ({ settings, test }) => (
        <>
          {text(settings)}
          {test.refused && (
            <small>{say('refusedSeries', { count: test.refusedSeries, why: pick(test.refused) })}</small>
          )}
        </>
      ),
    },
    { key: 'year', title: say('perYear'), align: 'right', cell: ({ test }) => round(test.signalsPerYear) },
    {
      key: 'alarm',
      title: say('alarmWeeks'),
      align: 'right',
      cell: ({ test }) => say('ofWeeks', { n: test.alarmWeeks, all: test.weeks }),
    },
    {
      key: 'confirmed',
      title: say('confirmed'),
      align: 'right',
      cell: ({ test }) => say('ofWeeks', { n: test.confirmed.found, all: test.confirmed.known }),
    },
    {
      key: 'excluded',
      title: say('excluded'),
      align: 'right',
      cell: ({ test }) => say('ofWeeks', { n: test.excluded.raised, all: test.excluded.known }),
    },
    ...[2, 5, 10].map(
      (size): Column<Tried> => ({
        key: `size${size}`,
        title: say('injected', { size }),
        align: 'right',
        cell: ({ test }) => {
          const row = test.injected.find((one) => one.size === size);
          if (!row) return '—';
          return row.medianWeeks === null
            ? say('foundNone', { all: row.outbreaks })
            : say('found', { n: row.found, all: row.outbreaks, weeks: round(row.medianWeeks) });
        },
      }),
    ),
  ];
  return (
    <section className="watch-section" aria-live="polite">
      <h2>{say('results')}</h2>
      <p className="quiet small">{say('resultsNote')}</p>
      <DataTable
        dense
        caption={say('results')}
        columns={columns}
        rows={tried}
        rowKey={(_, index) => String(tried.length - index)}
      />
      {newest && (
        <details className="watch-fold" open>
          <summary>
            {newest.inbox.length === 0
              ? say('inboxNone')
              : say('inbox', { count: newest.signals, from: newest.from, to: newest.to })}
          </summary>
          {newest.inbox.length > 0 && (
            <DataTable
              dense
              caption={say('inbox', { count: newest.signals, from: newest.from, to: newest.to })}
              rows={newest.inbox}
              rowKey={(row, index) => `${index} ${row.area.code} ${row.to}`}
              columns={[
                { key: 'area', title: say('area'), isRowName: true, cell: (row) => pick(row.area) },
                { key: 'window', title: say('window'), cell: (row) => `${row.from} – ${row.to}` },
                { key: 'observed', title: say('observed'), align: 'right', cell: (row) => number(row.observed) },
                {
                  key: 'bound',
                  title: say('bound'),
                  align: 'right',
                  cell: (row) => (row.bound === null ? '—' : round(row.bound)),
                },
              ]}
            />
          )}
        </details>
      )}
    </section>
  );
}
