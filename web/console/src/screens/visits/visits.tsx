import type { ExpectedVisits } from '@hutong/contract/health-code.ts';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../app/api.ts';
import { moment, useFormat } from '../../app/format.ts';
import { Badge } from '../../parts/badge.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Page } from '../../parts/page.tsx';
import { Blank, Failure, Loading } from '../../parts/states.tsx';
import { useVisitWords } from './words.ts';

type Row = ExpectedVisits['institutions'][0];
type Missing = ExpectedVisits['missing'][0];

/** Whether visits follow the scans at counters: an interface that has gone quiet shows here before anybody misses its data. */
export function Visits() {
  const say = useVisitWords();
  const { name, number } = useFormat();
  const { data, error, refetch } = useQuery({
    queryKey: ['expected-visits'],
    queryFn: ({ signal }) => call<ExpectedVisits>('/health-code/expected-visits', { signal }),
  });
  const institutions: Column<Row>[] = [
    { key: 'institution', title: say('institution'), isRowName: true, cell: ({ institution }) => name(institution) },
    { key: 'scans', title: say('scans'), align: 'right', cell: ({ scans }) => number(scans) },
    { key: 'followed', title: say('followed'), align: 'right', cell: ({ followed }) => number(followed) },
    {
      key: 'missing',
      title: say('missing'),
      align: 'right',
      cell: ({ missing }) => (missing > 0 ? <Badge tone="warn">{number(missing)}</Badge> : number(missing)),
    },
    {
      key: 'delay',
      title: say('delay'),
      align: 'right',
      cell: ({ medianMinutes }) =>
        medianMinutes === null ? '—' : say('minutes', { n: number(Math.round(medianMinutes)) }),
    },
  ];
  const missing: Column<Missing>[] = [
    { key: 'at', title: say('at'), isRowName: true, cell: ({ at }) => moment(at) },
    { key: 'institution', title: say('institution'), cell: ({ institution }) => name(institution) },
    { key: 'step', title: say('step'), cell: ({ step }) => say(`step.${step}`) },
    { key: 'channel', title: say('channel'), cell: ({ channel }) => say(`channel.${channel}`) },
  ];
  return (
    <Page
      title={say('title')}
      lead={data ? say('lead', { hours: number(data.hours), days: number(data.days) }) : say('leadShort')}
    >
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={6} />}
      {data && data.institutions.length === 0 && <Blank title={say('none')}>{say('noneNext')}</Blank>}
      {data && data.institutions.length > 0 && (
        <>
          <h2>{say('byInstitution')}</h2>
          <DataTable
            caption={say('byInstitution')}
            columns={institutions}
            rows={data.institutions}
            rowKey={({ institution }) => institution.code}
          />
          <h2>{say('missingList')}</h2>
          {data.missing.length === 0 && <Blank title={say('allFollowed')}>{say('allFollowedNext')}</Blank>}
          {data.missing.length > 0 && (
            <DataTable
              caption={say('missingList')}
              columns={missing}
              rows={data.missing}
              rowKey={({ at, institution }) => `${at} ${institution.code}`}
            />
          )}
        </>
      )}
    </Page>
  );
}
