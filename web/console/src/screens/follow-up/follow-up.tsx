import type { KeyItem, KeyItemPage } from '@hutong/contract/surveillance.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { call, queryOf } from '../../app/api.ts';
import { useFormat } from '../../app/format.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { SelectField } from '../../parts/fields.tsx';
import { Page } from '../../parts/page.tsx';
import { Blank, Failure, Loading } from '../../parts/states.tsx';
import { Person } from './person.tsx';
import { keyKinds, Register } from './register.tsx';
import { Tasks } from './tasks.tsx';
import { useFollowUpWords } from './words.ts';
import './follow-up.css';

const route = getRouteApi('/staff/follow-up');

/** Key people, places and things, those with overdue tasks first. */
export function FollowUp() {
  const say = useFollowUpWords();
  const { pick, number } = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const state = search.state === 'all' ? '' : (search.state ?? 'open');
  const { data, error, refetch } = useQuery({
    queryKey: ['key-items', search.kind, state],
    queryFn: ({ signal }) =>
      call<KeyItemPage>(`/surveillance/key-items${queryOf({ kind: search.kind, state })}`, { signal }),
  });
  const category = ({ kind, category: code }: KeyItem): string =>
    pick(data?.categories[kind].find((row) => row.code === code) ?? { zh: code, en: code });
  return (
    <Page
      title={say('title')}
      lead={say('lead')}
      actions={
        <>
          <Link to="/contacts">{say('toContacts')}</Link>
          {data && data.overdue > 0 && <Badge tone="bad">{say('overdue', { count: number(data.overdue) })}</Badge>}
        </>
      }
    >
      <div className="filters">
        <SelectField
          label={say('kind')}
          value={search.kind ?? ''}
          onChange={(kind) =>
            void navigate({ search: { ...search, kind: kind || undefined } as typeof search, replace: true })
          }
          choices={[
            { value: '', label: say('all') },
            ...keyKinds.map((value) => ({ value, label: say(`kind.${value}`) })),
          ]}
        />
        <SelectField
          label={say('state')}
          value={state}
          onChange={(next) => void navigate({ search: { ...search, state: next || 'all' }, replace: true })}
          choices={[
            { value: 'open', label: say('state.open') },
            { value: 'closed', label: say('state.closed') },
            { value: '', label: say('all') },
          ]}
        />
      </div>
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={8} />}
      {data && data.items.length === 0 && <Blank title={say('noItems')}>{say('noItemsHint')}</Blank>}
      {data && data.items.length > 0 && (
        <DataTable
          caption={say('title')}
          rows={data.items}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'item',
              title: say('item'),
              isRowName: true,
              cell: (row) => (
                <>
                  {row.label}
                  <small>
                    {say(`kind.${row.kind}`)} · {category(row)}
                  </small>
                  {row.kind === 'person' && <Person path={`/surveillance/key-items/${row.id}/person`} />}
                </>
              ),
            },
            { key: 'area', title: say('area'), cell: (row) => pick(row.area) },
            {
              key: 'reason',
              title: say('reason'),
              cell: (row) => (
                <span>
                  {row.reason}
                  <small>{say(row.source === 'cdc' ? 'source.cdc' : 'source.exchange')}</small>
                </span>
              ),
            },
            {
              key: 'state',
              title: say('state'),
              cell: (row) => <Badge tone={row.state === 'open' ? 'info' : 'plain'}>{say(`state.${row.state}`)}</Badge>,
            },
            { key: 'tasks', title: say('tasks'), cell: (row) => <Tasks item={row} /> },
          ]}
        />
      )}
      {data && <Register categories={data.categories} />}
    </Page>
  );
}
