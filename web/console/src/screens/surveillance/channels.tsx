import type { ChannelHealth, ChannelPage, ChannelState } from '@hutong/contract/surveillance.ts';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../app/api.ts';
import { useFormat } from '../../app/format.ts';
import { useMay } from '../../app/session.ts';
import type { Tone } from '../../app/theme.ts';
import { Badge } from '../../parts/badge.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Page } from '../../parts/page.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { WeekBars } from '../../parts/week-bars.tsx';
import { CountAgreements } from './count-agreements.tsx';
import { Uploads } from './uploads.tsx';
import { useSurveillanceWords } from './words.ts';
import './surveillance.css';
import '../watch/watch.css';

const tones: Record<ChannelState, Tone> = { healthy: 'good', late: 'warn', silent: 'bad', never: 'plain' };

export function Channels() {
  const say = useSurveillanceWords();
  const may = useMay();
  const { pick, number } = useFormat();
  const { data, error, refetch } = useQuery({
    queryKey: ['channels'],
    queryFn: ({ signal }) => call<ChannelPage>('/surveillance/channels', { signal }),
    refetchInterval: 30_000,
  });
  const hours = (value: number | null): string =>
    value === null ? '—' : say('hours', { count: number(Math.round(value * 10) / 10) });
  const columns: Column<ChannelHealth>[] = [
    {
      key: 'channel',
      title: say('channel'),
      isRowName: true,
      cell: (row) => (
        <>
          {pick(row)}
          <small>{pick(row.department)}</small>
        </>
      ),
    },
    {
      key: 'state',
      title: say('state'),
      cell: (row) => <Badge tone={tones[row.state]}>{say(`channel.${row.state}`)}</Badge>,
    },
    { key: 'day', title: say('lastDay'), cell: (row) => <span className="nowrap">{row.lastDay ?? '—'}</span> },
    {
      key: 'cadence',
      title: say('cadence'),
      cell: (row) => <span className="nowrap">{say('everyDays', { count: row.cadenceDays })}</span>,
    },
    {
      key: 'complete',
      title: say('completeness'),
      align: 'right',
      cell: (row) => (row.completeness === null ? '—' : `${number(Math.round(row.completeness * 100))} %`),
    },
    {
      key: 'delay',
      title: say('delay'),
      align: 'right',
      cell: (row) => (
        <span className="nowrap">
          {hours(row.delayMedianHours)} / {hours(row.delayP90Hours)}
        </span>
      ),
    },
    {
      key: 'silent',
      title: say('silentInstitutions'),
      align: 'right',
      cell: (row) => (row.kind === 'record' ? number(row.silentInstitutions) : '—'),
    },
    {
      key: 'days',
      title: say('last28'),
      cell: (row) => (
        <WeekBars
          width={140}
          height={28}
          values={row.days.map(({ n }) => n)}
          label={say('sparkline', {
            total: number(row.days.reduce((sum, { n }) => sum + (n ?? 0), 0)),
            gaps: row.days.filter(({ n }) => n === null).length,
          })}
        />
      ),
    },
  ];
  return (
    <Page title={say('channels')} lead={say('channelsLead')}>
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={8} />}
      {data && (
        <>
          <DataTable caption={say('channels')} columns={columns} rows={data.items} rowKey={(row) => row.code} />
          <Uploads rows={data.uploads} />
          {may('surveillance.agree') && <CountAgreements channels={data.items} />}
        </>
      )}
    </Page>
  );
}
