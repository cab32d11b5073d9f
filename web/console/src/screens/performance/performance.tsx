import type { Performance } from '@hutong/contract/watch.ts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { call, queryOf } from '../../app/api.ts';
import { useFormat } from '../../app/format.ts';
import { useSession } from '../../app/session.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { SelectField } from '../../parts/fields.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { useWeekWords, WatchPage } from '../watch/watch-page.tsx';
import { MissedForm } from './missed-form.tsx';
import { usePerformanceWords } from './words.ts';

const route = getRouteApi('/staff/performance');

export function PerformancePage() {
  const say = usePerformanceWords();
  const { weeks = '26' } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch } = useQuery({
    queryKey: ['performance', weeks],
    queryFn: ({ signal }) => call<Performance>(`/surveillance/performance${queryOf({ weeks })}`, { signal }),
    placeholderData: keepPreviousData,
  });
  return (
    <WatchPage title={say('title')} lead={data && say('lead', { from: data.from, to: data.to })}>
      <div className="filters">
        <SelectField
          label={say('period')}
          value={weeks}
          choices={['13', '26', '52'].map((value) => ({ value, label: say('weeks', { count: value }) }))}
          onChange={(value) => void navigate({ search: { weeks: value }, replace: true })}
        />
      </div>
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={12} />}
      {data && <Body found={data} />}
    </WatchPage>
  );
}

function Body({ found }: { found: Performance }) {
  const say = usePerformanceWords();
  const { week, bars } = useWeekWords();
  const { pick, number } = useFormat();
  const { data: session } = useSession();
  const share = (n: number, all: number): string =>
    all === 0 ? '—' : `${number(Math.round((n / all) * 1000) / 10)} %`;
  const known = found.outbreaks + found.missed.length;
  const figure = (title: string, value: string, note: string) => (
    <div>
      <dt>{title}</dt>
      <dd>
        {value}
        <small>{note}</small>
      </dd>
    </div>
  );
  const round = (value: number): string => number(Math.round(value * 10) / 10);
  return (
    <>
      <dl className="figures">
        {figure(
          say('perWeek'),
          round(found.signals / Math.max(1, found.weeks.length)),
          say('perWeekNote', { total: found.signals, single: found.singleCase, statistical: found.statistical }),
        )}
        {figure(
          say('ppv'),
          share(found.suspected, found.judged),
          say('ppvNote', { judged: found.judged, suspected: found.suspected }),
        )}
        {figure(
          say('sensitivity'),
          share(found.outbreaks, known),
          known === 0
            ? say('sensitivityNone')
            : say('sensitivityNote', { found: found.outbreaks, missed: found.missed.length }),
        )}
        {figure(say('two'), share(found.within2h, found.due2h), say('ofAll', { n: found.within2h, all: found.due2h }))}
        {figure(
          say('day'),
          share(found.within24h, found.due24h),
          say('ofAll', { n: found.within24h, all: found.due24h }),
        )}
        {figure(
          say('response'),
          found.medianResponseHours === null ? '—' : say('hours', { n: round(found.medianResponseHours) }),
          found.medianResponseHours === null
            ? say('noneYet')
            : say('ofAll', { n: found.responded, all: found.signals }),
        )}
        {figure(
          say('delay'),
          found.medianDaysToSignal === null ? '—' : say('days', { n: round(found.medianDaysToSignal) }),
          found.medianDaysToSignal === null ? say('noneYet') : say('outbreaks'),
        )}
      </dl>
      <section className="watch-section">
        <h2>{say('byWeek')}</h2>
        <div className="bars-wide">
          {bars(
            found.weeks.map(({ signals }) => signals),
            true,
          )}
        </div>
        <DataTable
          dense
          narrow="scroll"
          caption={say('byWeek')}
          rows={found.weeks.toReversed()}
          rowKey={(row) => row.week.from}
          columns={[
            { key: 'week', title: say('week'), isRowName: true, cell: (row) => week(row.week) },
            { key: 'signals', title: say('signals'), align: 'right', cell: (row) => number(row.signals) },
            { key: 'suspected', title: say('suspected'), align: 'right', cell: (row) => number(row.suspected) },
            { key: 'two', title: say('two'), align: 'right', cell: (row) => number(row.within2h) },
            { key: 'day', title: say('day'), align: 'right', cell: (row) => number(row.within24h) },
          ]}
        />
      </section>
      {found.topics.length > 0 && (
        <section className="watch-section">
          <h2>{say('byTopic')}</h2>
          <DataTable
            dense
            caption={say('byTopic')}
            rows={found.topics}
            rowKey={(row) => row.code}
            columns={[
              { key: 'topic', title: say('topic'), isRowName: true, cell: (row) => pick(row) },
              { key: 'signals', title: say('signals'), align: 'right', cell: (row) => number(row.signals) },
              { key: 'judged', title: say('judged'), align: 'right', cell: (row) => number(row.judged) },
              { key: 'suspected', title: say('suspected'), align: 'right', cell: (row) => number(row.suspected) },
              { key: 'outbreaks', title: say('outbreaks'), align: 'right', cell: (row) => number(row.outbreaks) },
              { key: 'ppv', title: say('ppv'), align: 'right', cell: (row) => share(row.suspected, row.judged) },
            ]}
          />
        </section>
      )}
      <section className="watch-section">
        <h2>{say('missed')}</h2>
        <p className="quiet">{say('missedNote')}</p>
        {found.missed.length === 0 ? (
          <p>{say('noMissed')}</p>
        ) : (
          <DataTable
            dense
            caption={say('missed')}
            rows={found.missed}
            rowKey={(row) => row.id}
            columns={[
              {
                key: 'disease',
                title: say('disease'),
                isRowName: true,
                cell: (row) => `${pick(row.disease)} · ${pick(row.area)}`,
              },
              { key: 'began', title: say('began'), cell: (row) => row.from },
              { key: 'note', title: say('note'), cell: (row) => row.note },
              { key: 'who', title: say('who'), cell: (row) => row.who },
            ]}
          />
        )}
        {session?.permissions.includes('surveillance.act') && <MissedForm />}
      </section>
    </>
  );
}
