import type { Estimate, Refused } from '@hutong/contract/watch.ts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { call, queryOf } from '../../app/api.ts';
import { moment, useFormat } from '../../app/format.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { BandChart } from '../watch/band-chart.tsx';
import { useEstimateWords } from './words.ts';

const twoDigits = (value: number): string => value.toFixed(2);

export function OneEstimate({ disease, area }: { disease: string; area: string }) {
  const say = useEstimateWords();
  const { pick } = useFormat();
  const { data, error, refetch } = useQuery({
    queryKey: ['estimate', disease, area],
    queryFn: ({ signal }) => call<Estimate>(`/surveillance/estimate${queryOf({ disease, area })}`, { signal }),
    placeholderData: keepPreviousData,
  });
  if (error && !data) return <Failure failure={error} retry={() => void refetch()} />;
  if (!data) return <Loading rows={10} />;
  return (
    <section>
      <h2>
        {pick(data.disease)} · {pick(data.area)}
      </h2>
      <p className="quiet small">{say('madeAt', { at: moment(data.madeAt) })}</p>
      <Meaning estimate={data} />
      <div className="estimate-charts">
        <Rt estimate={data} />
        <NowcastPanel estimate={data} />
        <ForecastPanel estimate={data} />
      </div>
    </section>
  );
}

function Meaning({ estimate: { rt, refused } }: { estimate: Estimate }) {
  const say = useEstimateWords();
  if (!rt) return refused && <Cannot refused={refused} />;
  const key = rt.low > 1 ? 'meansUp' : rt.high < 1 ? 'meansDown' : 'meansOpen';
  const values = { day: rt.day, median: twoDigits(rt.median), low: twoDigits(rt.low), high: twoDigits(rt.high) };
  return <p className={`notice tone-${rt.low > 1 ? 'bad' : rt.high < 1 ? 'good' : 'warn'}`}>{say(key, values)}</p>;
}

function Cannot({ refused }: { refused: Refused }) {
  const say = useEstimateWords();
  const { pick } = useFormat();
  return (
    <p className="notice tone-plain">
      <strong>{say('cannot')}</strong> {pick(refused)}
    </p>
  );
}

function Rt({ estimate }: { estimate: Estimate }) {
  const say = useEstimateWords();
  const { rtSeries: series, serialInterval: interval } = estimate;
  const last = series?.at(-1);
  return (
    <section className="panel">
      <h3>{say('rtChart')}</h3>
      {estimate.rtRefused && <Cannot refused={estimate.rtRefused} />}
      {series && last && (
        <>
          <BandChart
            points={series}
            mark={1}
            unit={(value) => value.toFixed(1)}
            label={say('rtPicture', {
              from: series[0]?.day ?? '',
              to: last.day,
              median: twoDigits(last.median),
              low: twoDigits(last.low),
              high: twoDigits(last.high),
            })}
          />
          {interval && <p className="quiet small">{say('rtNote', interval)}</p>}
          <details className="watch-fold">
            <summary>{say('table')}</summary>
            <DataTable
              dense
              narrow="scroll"
              caption={say('rtChart')}
              rows={series.toReversed()}
              rowKey={(row) => row.day}
              columns={[
                { key: 'day', title: say('day'), isRowName: true, cell: (row) => row.day },
                {
                  key: 'rt',
                  title: say('rt'),
                  cell: (row) => `${twoDigits(row.median)} (${twoDigits(row.low)}–${twoDigits(row.high)})`,
                },
              ]}
            />
          </details>
        </>
      )}
    </section>
  );
}

function NowcastPanel({ estimate }: { estimate: Estimate }) {
  const say = useEstimateWords();
  const { number } = useFormat();
  const { nowcast } = estimate;
  const last = nowcast?.at(-1);
  return (
    <section className="panel">
      <h3>{say('nowcastChart')}</h3>
      {estimate.nowcastRefused && <Cannot refused={estimate.nowcastRefused} />}
      {nowcast && last && (
        <>
          <BandChart
            points={nowcast.map((day) => ({ ...day, bar: day.known }))}
            unit={(value) => number(Math.round(value * 10) / 10)}
            label={say('nowcastPicture', {
              from: nowcast[0]?.day ?? '',
              to: last.day,
              known: number(last.known),
              median: number(last.median),
              low: number(last.low),
              high: number(last.high),
            })}
          />
          <p className="quiet small">{say('nowcastNote')}</p>
          {estimate.excluded > 0 && <p className="small">{say('excluded', { count: number(estimate.excluded) })}</p>}
          <details className="watch-fold">
            <summary>{say('table')}</summary>
            <DataTable
              dense
              narrow="scroll"
              caption={say('nowcastChart')}
              rows={nowcast.toReversed()}
              rowKey={(row) => row.day}
              columns={[
                { key: 'day', title: say('day'), isRowName: true, cell: (row) => row.day },
                { key: 'known', title: say('known'), align: 'right', cell: (row) => number(row.known) },
                {
                  key: 'estimated',
                  title: say('estimated'),
                  cell: (row) => `${number(row.median)} (${number(row.low)}–${number(row.high)})`,
                },
                {
                  key: 'complete',
                  title: say('complete'),
                  align: 'right',
                  cell: (row) => `${number(Math.round(row.complete * 100))} %`,
                },
              ]}
            />
          </details>
        </>
      )}
    </section>
  );
}

function ForecastPanel({ estimate }: { estimate: Estimate }) {
  const say = useEstimateWords();
  const { number } = useFormat();
  const { forecast } = estimate;
  const last = forecast?.at(-1);
  return (
    <section className="panel">
      <h3>{say('forecastChart')}</h3>
      {estimate.forecastRefused && <Cannot refused={estimate.forecastRefused} />}
      {forecast && last && (
        <>
          <BandChart
            points={forecast.map((day) => ({ ...day, innerLow: day.low50, innerHigh: day.high50 }))}
            unit={(value) => number(Math.round(value * 10) / 10)}
            label={say('forecastPicture', {
              day: last.day,
              median: number(last.median),
              low: number(last.low),
              high: number(last.high),
            })}
          />
          <p className="quiet small">{say('forecastNote')}</p>
          <details className="watch-fold">
            <summary>{say('table')}</summary>
            <DataTable
              dense
              narrow="scroll"
              caption={say('forecastChart')}
              rows={forecast}
              rowKey={(row) => row.day}
              columns={[
                { key: 'day', title: say('day'), isRowName: true, cell: (row) => row.day },
                {
                  key: 'forecast',
                  title: say('forecast'),
                  cell: (row) => `${number(row.median)} (${number(row.low)}–${number(row.high)})`,
                },
                { key: 'half', title: say('half'), cell: (row) => `${number(row.low50)}–${number(row.high50)}` },
              ]}
            />
          </details>
        </>
      )}
    </section>
  );
}
