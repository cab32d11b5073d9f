import type { Analyte } from '@hutong/contract/console.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { moment, useFormat } from '../../app/format.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Blank, Failure, Loading } from '../../parts/states.tsx';
import { Flag } from './event-drawer.tsx';
import { chartSeries } from './laboratory-series.ts';
import { laboratoryQuery } from './record-data.ts';
import { useRecordWords } from './words.ts';

const route = getRouteApi('/staff/residents/$id');
const LaboratoryChart = lazy(() => import('./laboratory-chart.tsx'));

function useReference(): (analyte: Analyte) => string | null {
  const say = useRecordWords();
  const { number } = useFormat();
  return ({ low, high }) => {
    if (low !== null && high !== null) return say('reference', { low: number(low), high: number(high) });
    if (low !== null) return say('referenceLow', { low: number(low) });
    return high !== null ? say('referenceHigh', { high: number(high) }) : null;
  };
}

function Chosen({ analyte }: { analyte: Analyte }) {
  const say = useRecordWords();
  const { pick, name, number, language } = useFormat();
  const reference = useReference()(analyte);
  const { points, legend } = chartSeries(analyte, language);
  const latest = points.at(-1);
  const title = say('unitOf', { name: pick(analyte), unit: analyte.unit });
  const label = say('chartLabel', {
    name: pick(analyte),
    count: points.length,
    institutions: legend.length,
    value: latest ? number(latest.value) : '—',
    unit: analyte.unit,
  });
  return (
    <section className="panel analyte" aria-labelledby="analyte-title">
      <div className="analyte-head">
        <h2 id="analyte-title">{title}</h2>
        {reference && <p className="quiet">{reference}</p>}
      </div>
      <div role="img" aria-label={label} className="analyte-chart">
        <Suspense fallback={<Loading rows={5} />}>
          <LaboratoryChart analyte={analyte} language={language} />
        </Suspense>
      </div>
      <ul className="analyte-legend">
        {legend.map((entry) => (
          <li key={entry.code}>
            <span aria-hidden="true" style={{ color: entry.style.colour }}>
              {entry.style.glyph}
            </span>{' '}
            {entry.name}
          </li>
        ))}
      </ul>
      <DataTable
        dense
        narrow="scroll"
        caption={say('tableOf', { name: pick(analyte) })}
        rows={points.toReversed()}
        rowKey={(row, index) => `${row.at} ${index}`}
        columns={[
          {
            key: 'at',
            title: say('date'),
            isRowName: true,
            cell: (row) => <span className="nowrap">{moment(row.at)}</span>,
          },
          {
            key: 'value',
            title: `${say('value')} (${analyte.unit})`,
            align: 'right',
            cell: (row) => number(row.value),
          },
          { key: 'flag', title: say('flag'), cell: (row) => <Flag flag={row.flag} /> },
          { key: 'institution', title: say('institution'), cell: (row) => name(row.institution) },
          { key: 'original', title: say('original'), cell: (row) => <span className="nowrap">{row.original}</span> },
        ]}
      />
    </section>
  );
}

/** Values of all hospitals on one axis, in one unit; the table says everything the drawing says. */
export function Laboratory({ resident }: { resident: string }) {
  const say = useRecordWords();
  const { pick, number } = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch } = useQuery(laboratoryQuery(resident));
  if (error) return <Failure failure={error} retry={() => void refetch()} />;
  if (!data) return <Loading rows={10} />;
  const chosen = data.analytes.find((analyte) => analyte.code === search.analyte) ?? data.analytes[0];
  if (!chosen) return <Blank title={say('noLaboratory')}>{say('noLaboratoryHint')}</Blank>;
  return (
    <div className="laboratory">
      <fieldset className="analytes">
        <legend className="unseen">{say('chooseAnalyte')}</legend>
        {data.analytes.map((analyte) => {
          const latest = analyte.points.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at)).at(-1);
          return (
            <button
              key={analyte.code}
              type="button"
              aria-pressed={analyte === chosen}
              onClick={() =>
                void navigate({ search: { ...search, analyte: analyte.code }, replace: true, resetScroll: false })
              }
            >
              <span>{pick(analyte)}</span>
              {latest && (
                <span
                  className={latest.flag === 'high' || latest.flag === 'low' ? 'analyte-off number' : 'number quiet'}
                >
                  {latest.flag === 'high' ? '↑ ' : latest.flag === 'low' ? '↓ ' : ''}
                  {number(latest.value)} {analyte.unit}
                </span>
              )}
            </button>
          );
        })}
      </fieldset>
      <Chosen key={chosen.code} analyte={chosen} />
    </div>
  );
}
