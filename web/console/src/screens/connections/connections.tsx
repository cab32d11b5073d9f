import type { Connection } from '@hutong/contract/console.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { call } from '../../app/api.ts';
import { connectionStates, connectionTones, protocols, tierKey } from '../../app/contract-lists.ts';
import { useContractWords } from '../../app/contract-words.ts';
import { useAreaName } from '../../app/directory.ts';
import { moment, useFormat } from '../../app/format.ts';
import { useMay } from '../../app/session.ts';
import { Badge } from '../../parts/badge.tsx';
import { type Column, DataTable, sortRows } from '../../parts/data-table.tsx';
import { SelectField, TextField } from '../../parts/fields.tsx';
import { Page } from '../../parts/page.tsx';
import { Sparkline } from '../../parts/sparkline.tsx';
import { Blank, Failure, Loading } from '../../parts/states.tsx';
import { usePartWords } from '../../parts/words.ts';
import { useConnectionWords } from './words.ts';

const route = getRouteApi('/staff/connections');

function useColumns(): Column<Connection>[] {
  const say = useConnectionWords();
  const sayPart = usePartWords();
  const sayContract = useContractWords();
  const { name, number, ago, span } = useFormat();
  const areaName = useAreaName();
  const mayOpenInbox = useMay()('inbox.read');
  const severity = (row: Connection): number => connectionStates.indexOf(row.state);
  const count = (key: 'taken' | 'refused' | 'duplicates'): Column<Connection> => ({
    key,
    title: say(key),
    align: 'right',
    cell: (row) => number(row[key]),
    sortBy: (row) => row[key],
  });
  return [
    {
      key: 'institution',
      title: say('institution'),
      isRowName: true,
      sortBy: (row) => name(row.institution),
      cell: ({ institution }) => (
        <>
          {mayOpenInbox ? (
            <Link
              to="/inbox"
              search={{ institution: institution.code }}
              aria-label={say('openInbox', { name: name(institution) })}
            >
              {name(institution)}
            </Link>
          ) : (
            name(institution)
          )}
          <small>
            {institution.code} · {sayContract(tierKey(institution.tier))} · {areaName(institution.area)}
          </small>
        </>
      ),
    },
    {
      key: 'state',
      title: say('state'),
      sortBy: severity,
      cell: (row) => <Badge tone={connectionTones[row.state]}>{sayContract(`connection.${row.state}`)}</Badge>,
    },
    {
      key: 'protocol',
      title: say('protocol'),
      sortBy: (row) => row.protocol,
      cell: (row) => <span className="nowrap">{sayContract(`protocol.${row.protocol}`)}</span>,
    },
    {
      key: 'last',
      title: say('last'),
      sortBy: (row) => row.lastMessageAt,
      cell: (row) =>
        row.lastMessageAt ? (
          <span className="nowrap">
            {ago(row.lastMessageAt)}
            <small>{moment(row.lastMessageAt)}</small>
          </span>
        ) : (
          sayPart('never')
        ),
    },
    {
      key: 'hourly',
      title: say('hourly'),
      cell: (row) => (
        <Sparkline
          values={row.hourly}
          label={say('sparkline', {
            total: number(row.hourly.reduce((sum, value) => sum + value, 0)),
            peak: number(Math.max(0, ...row.hourly)),
          })}
        />
      ),
    },
    count('taken'),
    {
      key: 'held',
      title: say('held'),
      align: 'right',
      sortBy: (row) => row.held,
      cell: (row) =>
        row.held > 0 && mayOpenInbox ? (
          <Link
            to="/inbox"
            search={{ institution: row.institution.code, state: 'held' }}
            aria-label={say('openHeld', { name: name(row.institution), count: row.held })}
          >
            {number(row.held)}
          </Link>
        ) : (
          number(row.held)
        ),
    },
    count('refused'),
    count('duplicates'),
    {
      key: 'delay',
      title: say('delay'),
      align: 'right',
      sortBy: (row) => row.delaySeconds,
      cell: (row) => (row.delaySeconds === null ? '—' : span(row.delaySeconds)),
    },
  ];
}

export function Connections() {
  const say = useConnectionWords();
  const sayContract = useContractWords();
  const { language, number } = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const columns = useColumns();
  const areaName = useAreaName();
  const { data, error, refetch } = useQuery({
    queryKey: ['connections'],
    queryFn: ({ signal }) => call<{ connections: Connection[] }>('/connections?window=24h', { signal }),
    refetchInterval: 30_000,
  });
  const set = (change: Partial<typeof search>): void =>
    void navigate({ search: { ...search, ...change }, replace: true });

  const all = data?.connections ?? [];
  const collator = new Intl.Collator(language);
  const areas = [...new Set(all.map((row) => row.institution.area))].toSorted((one, other) =>
    collator.compare(areaName(one), areaName(other)),
  );
  const wanted = (search.q ?? '').trim().toLocaleLowerCase();
  const beforeState = all.filter(
    (row) =>
      (!search.protocol || row.protocol === search.protocol) &&
      (!search.area || row.institution.area === search.area) &&
      (wanted === '' ||
        `${row.institution.code} ${row.institution.nameZh} ${row.institution.nameEn}`
          .toLocaleLowerCase()
          .includes(wanted)),
  );
  const sort = { key: search.sort ?? 'state', down: search.down === '1' };
  const rows = sortRows(
    beforeState.filter((row) => !search.state || row.state === search.state),
    columns,
    sort,
    language,
  );
  const isFiltered = Boolean(search.state || search.protocol || search.area || search.q);

  return (
    <Page title={say('title')} lead={say('lead')} actions={<span className="quiet small">{say('refreshed')}</span>}>
      <fieldset className="chips" style={{ marginBottom: '1rem' }}>
        <legend className="unseen">{say('states')}</legend>
        <button type="button" className="chip" aria-pressed={!search.state} onClick={() => set({ state: '' })}>
          {say('all')} <b>{number(beforeState.length)}</b>
        </button>
        {connectionStates.map((state) => (
          <button
            key={state}
            type="button"
            className="chip"
            aria-pressed={search.state === state}
            onClick={() => set({ state: search.state === state ? '' : state })}
          >
            {sayContract(`connection.${state}`)}{' '}
            <b>{number(beforeState.filter((row) => row.state === state).length)}</b>
          </button>
        ))}
      </fieldset>
      <div className="filters">
        <TextField
          type="search"
          label={say('search')}
          value={search.q ?? ''}
          onChange={(q) => set({ q })}
          isPageSearch
        />
        <SelectField
          label={say('protocol')}
          value={search.protocol ?? ''}
          onChange={(protocol) => set({ protocol })}
          choices={[
            { value: '', label: say('allProtocols') },
            ...protocols.map((value) => ({ value, label: sayContract(`protocol.${value}`) })),
          ]}
        />
        {areas.length > 1 && (
          <SelectField
            label={say('area')}
            value={search.area ?? ''}
            onChange={(area) => set({ area })}
            choices={[
              { value: '', label: say('allAreas') },
              ...areas.map((value) => ({ value, label: areaName(value) })),
            ]}
          />
        )}
        {isFiltered && <Button onClick={() => void navigate({ search: {}, replace: true })}>{say('reset')}</Button>}
      </div>
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={10} />}
      {data && all.length === 0 && <Blank title={say('nothing')}>{say('nothingHint')}</Blank>}
      {data && all.length > 0 && rows.length === 0 && <Blank title={say('none')}>{say('noneHint')}</Blank>}
      {rows.length > 0 && (
        <DataTable
          caption={say('title')}
          columns={columns}
          rows={rows}
          rowKey={(row) => `${row.institution.code} ${row.protocol}`}
          sort={sort}
          onSort={(next) => set({ sort: next.key, down: next.down ? '1' : '' })}
        />
      )}
      <span className="unseen" aria-live="polite">
        {data ? say('shown', { count: number(rows.length) }) : ''}
      </span>
    </Page>
  );
}
