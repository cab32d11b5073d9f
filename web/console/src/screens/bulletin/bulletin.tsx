import type { Bulletin, BulletinDisease, WeekName } from '@hutong/contract/watch.ts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button } from 'antd';
import { call, queryOf } from '../../app/api.ts';
import { useFormat } from '../../app/format.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { useWeekWords, WatchPage } from '../watch/watch-page.tsx';
import { useWatchWords } from '../watch/words.ts';
import { useBulletinWords } from './words.ts';
import './bulletin.css';

const route = getRouteApi('/staff/bulletin');
const dayMs = 86_400_000;

/** `2026-W48` of the week `shift` weeks away; its Thursday names the year (ISO 8601). */
function weekAway(from: string, shift: number): string {
  const thursday = new Date(Date.parse(from) + (3 + shift * 7) * dayMs);
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const week = Math.floor((thursday.getTime() - first) / dayMs / 7) + 1;
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, '0')}`;
}

export function BulletinPage() {
  const say = useBulletinWords();
  const { week } = useWeekWords();
  const search = route.useSearch();
  const { data, error, refetch } = useQuery({
    queryKey: ['bulletin', search.week ?? ''],
    queryFn: ({ signal }) => call<Bulletin>(`/surveillance/bulletin${queryOf({ week: search.week })}`, { signal }),
    placeholderData: keepPreviousData,
  });
  return (
    <WatchPage
      title={say('title')}
      lead={data && say('lead', { week: week(data.week), from: data.week.from, to: data.week.to })}
      actions={data && <Turn week={data.week} latest={data.latest} />}
    >
      {error && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={14} />}
      {data && !error && <Body bulletin={data} />}
    </WatchPage>
  );
}

function Turn({ week, latest }: { week: WeekName; latest: WeekName }) {
  const say = useBulletinWords();
  const navigate = route.useNavigate();
  const turn = (shift: number): void => void navigate({ search: { week: weekAway(week.from, shift) }, replace: true });
  return (
    <div className="row unprinted">
      <Button onClick={() => turn(-1)}>{say('earlier')}</Button>
      <Button disabled={week.from >= latest.from} onClick={() => turn(1)}>
        {say('later')}
      </Button>
      <Button type="primary" onClick={() => window.print()}>
        {say('print')}
      </Button>
    </div>
  );
}

function Body({ bulletin }: { bulletin: Bulletin }) {
  const say = useBulletinWords();
  const words = useWatchWords();
  const { pick, number } = useFormat();
  const { diseases, signals } = bulletin;
  const total = (of: (row: BulletinDisease) => number | null): string => {
    const values = diseases.map(of);
    return values.length > 0 && values.every((value) => value === null)
      ? words('gap')
      : number(values.reduce<number>((sum, value) => sum + (value ?? 0), 0));
  };
  const most = diseases
    .filter(({ week }) => (week ?? 0) > 0)
    .toSorted((one, other) => (other.week ?? 0) - (one.week ?? 0))
    .slice(0, 5);
  const late = bulletin.channels.filter(({ state }) => state === 'late' || state === 'silent');
  return (
    <article className="bulletin">
      {!bulletin.complete && <p className="notice tone-warn">{say('running')}</p>}
      <section className="panel">
        <h2>{say('summary')}</h2>
        <ul className="bulletin-summary">
          <li>
            {say('cases', {
              n: total(({ week }) => week),
              before: total(({ before }) => before),
              year: total(({ yearBefore }) => yearBefore),
            })}
          </li>
          {most.length > 0 && (
            <li>{say('most', { list: most.map((row) => `${pick(row)} ${number(row.week ?? 0)}`).join(', ') })}</li>
          )}
          <li>
            {say('signalsText', {
              formed: signals.formed,
              suspected: signals.suspected,
              outbreaks: signals.outbreaks,
              open: signals.open,
            })}
          </li>
          <li>{late.length > 0 ? say('silentText', { list: late.map(pick).join(', ') }) : say('allHealthy')}</li>
        </ul>
      </section>
      <Figures title={say('diseases')} name={say('disease')} rows={diseases} withClass />
      <Figures title={say('syndromes')} name={say('syndrome')} rows={bulletin.syndromes} />
      <Figures title={say('laboratory')} name={say('disease')} rows={bulletin.laboratory} />
      <section className="watch-section">
        <h2>{say('signals')}</h2>
        {signals.list.length === 0 ? (
          <p>{say('nothing')}</p>
        ) : (
          <DataTable
            dense
            caption={say('signals')}
            rows={signals.list}
            rowKey={(row) => row.id}
            columns={[
              {
                key: 'signal',
                title: say('signal'),
                isRowName: true,
                cell: (row) => `${pick(row.topic)} · ${pick(row.area)}`,
              },
              { key: 'reason', title: say('reason'), cell: (row) => pick(row.reason) },
              { key: 'state', title: say('state'), cell: (row) => say(`state.${row.state}`) },
            ]}
          />
        )}
      </section>
      <section className="watch-section">
        <h2>{say('channels')}</h2>
        <DataTable
          dense
          narrow="scroll"
          caption={say('channels')}
          rows={bulletin.channels}
          rowKey={(row) => row.code}
          columns={[
            { key: 'channel', title: say('channel'), isRowName: true, cell: (row) => pick(row) },
            { key: 'state', title: say('channelState'), cell: (row) => words(`channel.${row.state}`) },
            {
              key: 'complete',
              title: say('complete'),
              align: 'right',
              cell: (row) => (row.completeness === null ? '—' : `${number(Math.round(row.completeness * 100))} %`),
            },
          ]}
        />
      </section>
      <section className="watch-section small">
        <h2>{say('notes')}</h2>
        <p>{say('note1')}</p>
        <p>
          {bulletin.population && bulletin.populationSource
            ? say('note2', {
                population: number(bulletin.population),
                source: words(`source.${bulletin.populationSource}`),
              })
            : say('note2none')}
        </p>
        <p>{say('note3')}</p>
      </section>
    </article>
  );
}

function Figures({
  title,
  name,
  rows,
  withClass = false,
}: {
  title: string;
  name: string;
  rows: BulletinDisease[];
  withClass?: boolean;
}) {
  const say = useBulletinWords();
  const words = useWatchWords();
  const { count, bars } = useWeekWords();
  const { pick, number } = useFormat();
  const group = (row: BulletinDisease): string =>
    row.class === 'A' || row.class === 'B' || row.class === 'C' || row.class === 'new'
      ? words(`class.${row.class}`)
      : row.class;
  return (
    <section className="watch-section">
      <h2>{title}</h2>
      {rows.length === 0 ? (
        <p>{say('nothing')}</p>
      ) : (
        <DataTable
          dense
          caption={title}
          rows={rows}
          rowKey={(row) => row.code}
          columns={[
            {
              key: 'name',
              title: name,
              isRowName: true,
              cell: (row) => (
                <>
                  {pick(row)}
                  {withClass && <small>{group(row)}</small>}
                </>
              ),
            },
            { key: 'now', title: say('now'), align: 'right', cell: (row) => <b>{count(row.week)}</b> },
            { key: 'before', title: say('before'), align: 'right', cell: (row) => count(row.before) },
            { key: 'year', title: say('yearBefore'), align: 'right', cell: (row) => count(row.yearBefore) },
            { key: 'toDate', title: say('toDate'), align: 'right', cell: (row) => number(row.toDate) },
            {
              key: 'toDateYear',
              title: say('toDateYear'),
              align: 'right',
              cell: (row) => number(row.toDateYearBefore),
            },
            {
              key: 'rate',
              title: say('rate'),
              align: 'right',
              cell: (row) => (row.rate === null ? '—' : number(Math.round(row.rate * 100) / 100)),
            },
            { key: 'weeks', title: say('weeks'), cell: (row) => bars(row.weeks) },
          ]}
        />
      )}
    </section>
  );
}
