import type { Situation, SituationDisease, SpanCount } from '@hutong/contract/watch.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../../app/api.ts';
import { moment, useFormat } from '../../app/format.ts';
import type { Tone } from '../../app/theme.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Blank, Failure, Loading } from '../../parts/states.tsx';
import { useWeekWords, WatchPage } from '../watch/watch-page.tsx';
import { useWatchWords } from '../watch/words.ts';
import { useSituationWords } from './words.ts';

const channelTones: Record<Situation['channels'][0]['state'], Tone> = {
  healthy: 'good',
  late: 'warn',
  silent: 'bad',
  never: 'plain',
};

export function SituationHome() {
  const say = useSituationWords();
  const { week } = useWeekWords();
  const { data, error, refetch } = useQuery({
    queryKey: ['situation'],
    queryFn: ({ signal }) => call<Situation>('/surveillance/situation', { signal }),
    refetchInterval: 30_000,
  });
  return (
    <WatchPage
      title={say('title')}
      lead={data && say('lead', { week: week(data.week), from: data.week.from, to: data.week.to })}
    >
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={12} />}
      {data && <Body situation={data} />}
    </WatchPage>
  );
}

function Body({ situation }: { situation: Situation }) {
  const say = useSituationWords();
  return (
    <div className="watch-columns">
      <div>
        <section className="panel">
          <h2>{say('top')}</h2>
          <Top situation={situation} />
        </section>
        <section className="watch-section">
          <h2>{say('diseases')}</h2>
          {situation.diseases.length === 0 ? (
            <Blank title={say('noDiseases')}>{say('noDiseasesHint')}</Blank>
          ) : (
            <Diseases situation={situation} />
          )}
        </section>
      </div>
      <div>
        <section className="panel">
          <h2>{say('waiting')}</h2>
          <dl className="figures">
            <Waiting title={say('signalsOpen')} clock={situation.clocks.signals} />
            <Waiting title={say('cardsOpen')} clock={situation.clocks.cards} />
          </dl>
        </section>
        <section className="panel">
          <h2>{say('channels')}</h2>
          <Channels channels={situation.channels} />
        </section>
      </div>
    </div>
  );
}

function Waiting({ title, clock }: { title: string; clock: Situation['clocks']['cards'] }) {
  const say = useSituationWords();
  const { number } = useFormat();
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        {number(clock.open)}{' '}
        {clock.overdue > 0 && <Badge tone="bad">{say('overdue', { count: number(clock.overdue) })}</Badge>}
        <small>{clock.nextDue ? say('nextDue', { at: moment(clock.nextDue) }) : say('nothingDue')}</small>
      </dd>
    </div>
  );
}

function Top({ situation }: { situation: Situation }) {
  const say = useSituationWords();
  const { pick } = useFormat();
  if (situation.top.length === 0) return <p className="quiet">{say('noTop')}</p>;
  return (
    <>
      <ol className="ranked">
        {situation.top.map((signal) => (
          <li key={signal.id}>
            <Link to="/signals/$id" params={{ id: signal.id }}>
              {pick(signal.topic)} · {pick(signal.area)}
            </Link>
            <span className="nowrap">
              {signal.overdue ? (
                <Badge tone="bad">{say('late')}</Badge>
              ) : (
                <span className="quiet small">{moment(signal.dueAt)}</span>
              )}
            </span>
            <small>{pick(signal.reason)}</small>
          </li>
        ))}
      </ol>
      <Link to="/signals">{say('allSignals')}</Link>
    </>
  );
}

function Channels({ channels }: { channels: Situation['channels'] }) {
  const say = useSituationWords();
  const words = useWatchWords();
  const { pick, number } = useFormat();
  return (
    <>
      <ul className="ranked">
        {channels.map((channel) => (
          <li key={channel.code}>
            <span>{pick(channel)}</span>
            <span>
              {channel.completeness !== null && (
                <span className="quiet small">
                  {say('complete', { percent: number(Math.round(channel.completeness * 100)) })}{' '}
                </span>
              )}
              <Badge tone={channelTones[channel.state]}>{words(`channel.${channel.state}`)}</Badge>
            </span>
          </li>
        ))}
      </ul>
      <Link to="/channels">{say('channelsMore')}</Link>
    </>
  );
}

/** Change in words and a sign, beside its colour; nothing where either side is unknown. */
function Change({ now, past }: { now: SpanCount; past: SpanCount }) {
  const say = useSituationWords();
  const { number } = useFormat();
  if (now.n === null || past.n === null || now.known < now.days || past.known < past.days) return null;
  if (now.n === past.n) return <span className="quiet small">{say('same')}</span>;
  if (past.n === 0) return <Badge tone="bad">{say('fromZero')}</Badge>;
  const percent = number(Math.round((Math.abs(now.n - past.n) / past.n) * 100));
  return now.n > past.n ? (
    <Badge tone="bad">{say('up', { percent })}</Badge>
  ) : (
    <Badge tone="good">{say('down', { percent })}</Badge>
  );
}

function Diseases({ situation }: { situation: Situation }) {
  const say = useSituationWords();
  const words = useWatchWords();
  const { pick, number } = useFormat();
  const { count, bars } = useWeekWords();
  const partly = ({ known, days }: SpanCount): string => (known < days ? say('partly', { known, days }) : '');
  const group = (disease: SituationDisease): string => words(`class.${disease.class}`);
  const shown = situation.diseases.slice(0, 12);
  return (
    <>
      <ul className="tiles">
        {shown.map((disease) => (
          <li key={disease.code} className="tile">
            <div className="tile-head">
              <h3>{pick(disease)}</h3>
              <span className="quiet small">{group(disease)}</span>
            </div>
            <p>
              <span className="tile-figure">{count(disease.now.n)}</span>{' '}
              <span className="quiet small">
                {say('soFar')} {partly(disease.now)}
              </span>
            </p>
            <p className="small">
              {say('before', { n: count(disease.before.n) })} {partly(disease.before)}{' '}
              <Change now={disease.now} past={disease.before} />
            </p>
            <p className="small">
              {say('yearBefore', { n: count(disease.yearBefore.n) })} {partly(disease.yearBefore)}{' '}
              <Change now={disease.now} past={disease.yearBefore} />
            </p>
            {bars(disease.weeks)}
            <p className="small">
              {disease.openSignals > 0 && (
                <>
                  <Badge tone="warn">{say('openSignals', { count: number(disease.openSignals) })}</Badge>{' '}
                </>
              )}
              <Link to="/risk-map" search={{ channel: 'cases', topic: disease.code }}>
                {say('onMap')}
                <span className="unseen"> {pick(disease)}</span>
              </Link>
            </p>
          </li>
        ))}
      </ul>
      <details className="watch-fold">
        <summary>{say('table')}</summary>
        <DataTable
          dense
          caption={say('diseases')}
          rows={situation.diseases}
          rowKey={(row) => row.code}
          columns={[
            { key: 'disease', title: say('disease'), isRowName: true, cell: (row) => pick(row) },
            { key: 'now', title: say('now'), align: 'right', cell: (row) => count(row.now.n) },
            { key: 'before', title: say('beforeColumn'), align: 'right', cell: (row) => count(row.before.n) },
            { key: 'year', title: say('yearColumn'), align: 'right', cell: (row) => count(row.yearBefore.n) },
            { key: 'signals', title: say('signals'), align: 'right', cell: (row) => number(row.openSignals) },
            { key: 'weeks', title: say('weeks'), cell: (row) => bars(row.weeks) },
          ]}
        />
      </details>
    </>
  );
}
