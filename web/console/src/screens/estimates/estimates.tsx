import type { EstimateSummary } from '@hutong/contract/watch.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { call } from '../../app/api.ts';
import { useFormat } from '../../app/format.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Blank, Failure, Loading } from '../../parts/states.tsx';
import { WatchPage } from '../watch/watch-page.tsx';
import { OneEstimate } from './one-estimate.tsx';
import { useEstimateWords } from './words.ts';

const route = getRouteApi('/staff/estimates');
const twoDigits = (value: number): string => value.toFixed(2);

export function Estimates() {
  const say = useEstimateWords();
  const search = route.useSearch();
  const { data, error, refetch } = useQuery({
    queryKey: ['estimates'],
    queryFn: ({ signal }) => call<{ items: EstimateSummary[] }>('/surveillance/estimates', { signal }),
    refetchInterval: 60_000,
  });
  const first = data?.items[0];
  const disease = search.disease ?? first?.disease.code;
  const area = search.area ?? first?.area.code;
  return (
    <WatchPage title={say('title')} lead={say('lead')}>
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={12} />}
      {data && data.items.length === 0 && <Blank title={say('none')}>{say('noneHint')}</Blank>}
      {data && data.items.length > 0 && (
        <>
          {disease && area && <OneEstimate disease={disease} area={area} />}
          <section className="watch-section">
            <h2>{say('list')}</h2>
            <List items={data.items} />
          </section>
        </>
      )}
    </WatchPage>
  );
}

function List({ items }: { items: EstimateSummary[] }) {
  const say = useEstimateWords();
  const { pick, number } = useFormat();
  return (
    <DataTable
      dense
      caption={say('list')}
      rows={items}
      rowKey={(row) => `${row.disease.code} ${row.area.code}`}
      columns={[
        {
          key: 'disease',
          title: say('disease'),
          isRowName: true,
          cell: (row) => (
            <Link to="/estimates" search={{ disease: row.disease.code, area: row.area.code }}>
              {pick(row.disease)} · {pick(row.area)}
            </Link>
          ),
        },
        { key: 'cases', title: say('cases'), align: 'right', cell: (row) => number(row.cases) },
        {
          key: 'rt',
          title: say('rt'),
          cell: (row) =>
            row.rt ? (
              <span>
                <b>{twoDigits(row.rt.median)}</b> ({twoDigits(row.rt.low)}–{twoDigits(row.rt.high)})
                <small>{say('asOf', { day: row.rt.day })}</small>
              </span>
            ) : (
              <small>{row.refused && pick(row.refused)}</small>
            ),
        },
      ]}
    />
  );
}
