import type { MapArea, RiskMap } from '@hutong/contract/watch.ts';
import { useState } from 'react';
import { useFormat } from '../../app/format.ts';
import { DataTable, type Sort, sortRows } from '../../parts/data-table.tsx';
import { useWeekWords } from '../watch/watch-page.tsx';
import { useWatchWords } from '../watch/words.ts';
import { figureOf } from './map-figures.ts';
import { useRiskMapWords } from './words.ts';

/** The twin of the map: every area with its cases, denominator, rate and change. */
export function AreaTable({
  map,
  end,
  span,
  letters,
}: {
  map: RiskMap;
  end: number;
  span: number;
  letters: Map<string, string>;
}) {
  const say = useRiskMapWords();
  const words = useWatchWords();
  const { bars } = useWeekWords();
  const { pick, number, language } = useFormat();
  const [sort, setSort] = useState<Sort | null>({ key: 'cases', down: true });
  const casesOf = (area: MapArea, at: number): number | null => {
    const figure = at < 0 ? null : figureOf(area, at, span, 'count', map.fewest);
    return figure?.kind === 'value' ? figure.cases : null;
  };
  const rateOf = (area: MapArea): number | null => {
    const figure = figureOf(area, end, span, 'rate', map.fewest);
    return figure.kind === 'value' ? figure.value : null;
  };
  const rateText = (area: MapArea): string => {
    const figure = figureOf(area, end, span, 'rate', map.fewest);
    if (figure.kind === 'gap') return say('gap');
    if (figure.kind === 'few') return say('few', { fewest: map.fewest });
    if (figure.kind === 'no-population') return say('noPopulation');
    return number(Math.round(figure.value * 10) / 10);
  };
  const changeOf = (area: MapArea): number | null => {
    const [now, before] = [casesOf(area, end), casesOf(area, end - span)];
    return now === null || before === null ? null : now - before;
  };
  const columns: Parameters<typeof DataTable<MapArea>>[0]['columns'] = [
    {
      key: 'area',
      title: say('area'),
      isRowName: true,
      sortBy: (row) => pick(row),
      cell: (row) => (
        <>
          {pick(row)}
          <small>
            {row.area} {row.until && say('abolished', { until: row.until })}
          </small>
        </>
      ),
    },
    {
      key: 'cases',
      title: say('cases'),
      align: 'right',
      sortBy: (row) => casesOf(row, end),
      cell: (row) => {
        const cases = casesOf(row, end);
        return cases === null ? say('gap') : number(cases);
      },
    },
    {
      key: 'change',
      title: say('change'),
      align: 'right',
      sortBy: changeOf,
      cell: (row) => {
        const change = changeOf(row);
        return change === null ? '—' : `${change > 0 ? '+' : ''}${number(change)}`;
      },
    },
    {
      key: 'rate',
      title: say('rateColumn'),
      align: 'right',
      sortBy: rateOf,
      cell: rateText,
    },
    {
      key: 'population',
      title: say('population'),
      align: 'right',
      sortBy: (row) => row.population,
      cell: (row) =>
        row.population === null ? (
          say('noPopulation')
        ) : (
          <>
            {number(row.population)}
            <small>{row.source && words(`source.${row.source}`)}</small>
          </>
        ),
    },
    { key: 'cluster', title: say('cluster'), cell: (row) => letters.get(row.area) ?? '—' },
    { key: 'weeks', title: say('weeks', { count: map.weeks.length }), cell: (row) => bars(row.weeks) },
  ];
  return (
    <section className="watch-section">
      <DataTable
        dense
        narrow="scroll"
        caption={say('title')}
        columns={columns}
        rows={sortRows(map.areas, columns, sort, language)}
        rowKey={(row) => row.area}
        sort={sort}
        onSort={setSort}
      />
    </section>
  );
}
