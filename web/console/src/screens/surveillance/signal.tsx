import type { SignalCase, SignalDetail } from '@hutong/contract/surveillance.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { call } from '../../app/api.ts';
import { useContractWords } from '../../app/contract-words.ts';
import { moment, useFormat } from '../../app/format.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Page } from '../../parts/page.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { DraftProduct } from '../notices/draft-product.tsx';
import { SignalPastPanel } from '../signal-past/signal-past.tsx';
import { Clock } from './clock.tsx';
import { Curve } from './curve.tsx';
import { SignalActs } from './signal-acts.tsx';
import { sayCode, sexWord, useSurveillanceWords } from './words.ts';
import './surveillance.css';

const route = getRouteApi('/staff/signals/$id');

export function Signal() {
  const say = useSurveillanceWords();
  const { pick } = useFormat();
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['signal', id],
    queryFn: ({ signal }) => call<SignalDetail>(`/surveillance/signals/${id}`, { signal }),
  });
  return (
    <Page
      title={data ? `${pick(data.topic)} · ${pick(data.area)}` : say('signal')}
      lead={data && pick(data.reason)}
      actions={<Link to="/signals">{say('inbox')}</Link>}
    >
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={10} />}
      {data && <Body signal={data} />}
    </Page>
  );
}

function Body({ signal }: { signal: SignalDetail }) {
  const say = useSurveillanceWords();
  const { pick, number } = useFormat();
  const figure = (value: number | null): string => (value === null ? '—' : number(Math.round(value * 10) / 10));
  return (
    <div className="signal">
      <div>
        {signal.series.length > 0 && (
          <section className="panel">
            <h2>{say('chart')}</h2>
            <Curve series={signal.series} observed={signal.observed} bound={signal.bound} />
            <p className="quiet small">{say('chartNote')}</p>
            <DataTable
              dense
              narrow="scroll"
              caption={say('chart')}
              rows={signal.series.toReversed()}
              rowKey={(row) => row.to}
              columns={[
                { key: 'to', title: say('windowEnd'), isRowName: true, cell: (row) => row.to },
                {
                  key: 'count',
                  title: say('count'),
                  align: 'right',
                  cell: (row) => (row.count === null ? say('gap') : figure(row.count)),
                },
                {
                  key: 'expected',
                  title: say('expected'),
                  align: 'right',
                  cell: (row) => figure(row.expected ?? null),
                },
                { key: 'bound', title: say('bound'), align: 'right', cell: (row) => figure(row.bound) },
              ]}
            />
          </section>
        )}
        <SignalPastPanel id={signal.id} />
        <section className="panel">
          <h2>{say('cases')}</h2>
          <p className="quiet small">{signal.cases.length > 0 ? say('casesNote') : say('noCases')}</p>
          {signal.cases.length > 0 && <Cases cases={signal.cases} />}
        </section>
        <section className="panel">
          <h2>{say('history')}</h2>
          <DataTable
            dense
            caption={say('history')}
            rows={signal.acts}
            rowKey={(row, index) => `${index} ${row.at}`}
            columns={[
              { key: 'act', title: say('act'), isRowName: true, cell: (row) => sayCode(say, `act.${row.act}`) },
              {
                key: 'reason',
                title: say('reason'),
                cell: (row) => (row.reason ? sayCode(say, `reason.${row.reason}`) : '—'),
              },
              { key: 'note', title: say('note'), cell: (row) => row.note ?? '—' },
              { key: 'who', title: say('who'), cell: (row) => (row.role === 'platform' ? say('platform') : row.who) },
              { key: 'at', title: say('at'), cell: (row) => <span className="nowrap">{moment(row.at)}</span> },
            ]}
          />
        </section>
      </div>
      <div>
        <SignalActs signal={signal} />
        <DraftProduct signal={signal.id} />
        <section className="panel">
          <h2>{say('why')}</h2>
          <dl className="pairs">
            <dt>{say('due')}</dt>
            <dd>
              <Clock due={signal.dueAt} open={signal.state !== 'answered'} />
            </dd>
            <dt>{say('observed')}</dt>
            <dd>{figure(signal.observed)}</dd>
            <dt>{say('expected')}</dt>
            <dd>{figure(signal.expected)}</dd>
            <dt>{say('bound')}</dt>
            <dd>{figure(signal.bound)}</dd>
            <dt>{say('window')}</dt>
            <dd>
              {signal.from} – {signal.to}
            </dd>
            <dt>{say('method')}</dt>
            <dd>{sayCode(say, `method.${signal.method}`)}</dd>
            <dt>{say('baseline')}</dt>
            <dd>{number(signal.baselineWindows)}</dd>
            <dt>{say('chance')}</dt>
            <dd>{signal.p === null ? '—' : signal.p < 1e-6 ? '< 0.000001' : signal.p.toPrecision(2)}</dd>
          </dl>
        </section>
        <section className="panel">
          <h2>{say('corroborating')}</h2>
          {signal.corroborating.length === 0 ? (
            <p className="quiet">{say('noCorroborating')}</p>
          ) : (
            <ul>
              {signal.corroborating.map((one) => (
                <li key={pick(one.channel)}>
                  {pick(one.channel)} · {pick(one.topic)} (p {one.p < 0.001 ? '< 0.001' : one.p.toPrecision(2)})
                </li>
              ))}
            </ul>
          )}
        </section>
        <section className="panel">
          <h2>{say('whyScore')}</h2>
          <p className="quiet small">{say('scoreNote')}</p>
          <dl className="pairs parts">
            {signal.parts.map((part) => (
              <div key={part.en}>
                <dt>{pick(part)}</dt>
                <dd>{number(part.points)}</dd>
              </div>
            ))}
            <div>
              <dt>
                <strong>{say('score')}</strong>
              </dt>
              <dd>
                <strong>{number(signal.score)}</strong>
              </dd>
            </div>
          </dl>
        </section>
      </div>
    </div>
  );
}

function Cases({ cases }: { cases: SignalCase[] }) {
  const say = useSurveillanceWords();
  const sayContract = useContractWords();
  const { pick, name } = useFormat();
  const columns: Column<SignalCase>[] = [
    {
      key: 'case',
      title: say('case'),
      isRowName: true,
      cell: (row) => (
        <Link to="/report-cards/$id" params={{ id: row.card }}>
          {row.card.split('.')[0]}
        </Link>
      ),
    },
    { key: 'who', title: say('sexAge'), cell: (row) => `${sayContract(sexWord(row.sex))} / ${row.age || '—'}` },
    { key: 'area', title: say('area'), cell: (row) => pick(row.area) },
    { key: 'day', title: say('day'), cell: (row) => row.day },
    { key: 'class', title: say('caseClass'), cell: (row) => sayCode(say, `class.${row.caseClass}`) },
    { key: 'state', title: say('state'), cell: (row) => say(`card.${row.state}`) },
    { key: 'institution', title: say('institution'), cell: (row) => name(row.institution) },
  ];
  return <DataTable dense caption={say('cases')} columns={columns} rows={cases} rowKey={(row) => row.card} />;
}
