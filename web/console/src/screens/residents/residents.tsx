import type { ResidentHit } from '@hutong/contract/console.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { type FormEvent, useState } from 'react';
import { call } from '../../app/api.ts';
import { sexKey } from '../../app/contract-lists.ts';
import { useContractWords } from '../../app/contract-words.ts';
import { day, useFormat } from '../../app/format.ts';
import { Badge } from '../../parts/badge.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { TextField } from '../../parts/fields.tsx';
import { Page } from '../../parts/page.tsx';
import { Blank, Failure, Loading } from '../../parts/states.tsx';
import './residents.css';
import { useResidentWords } from './words.ts';

/** The last search, in memory only: coming back from a record shows the list again, and nothing personal is stored or in the address. */
let lastQuery = '';

function useColumns(): Column<ResidentHit>[] {
  const say = useResidentWords();
  const sayContract = useContractWords();
  const { pick, number } = useFormat();
  return [
    {
      key: 'resident',
      title: say('resident'),
      isRowName: true,
      cell: (hit) => (
        <>
          <Link
            to="/residents/$id"
            params={{ id: hit.id }}
            preload={false}
            aria-label={say('open', { name: hit.name })}
          >
            {hit.name}
          </Link>
          <small>
            {sayContract(sexKey(hit.sex))} · {pick({ zh: hit.age, en: hit.ageEn })}
            {hit.birthDate && ` · ${hit.birthDate}`}
          </small>
        </>
      ),
    },
    { key: 'number', title: say('number'), cell: (hit) => <span className="number">{hit.number ?? '—'}</span> },
    { key: 'phone', title: say('phone'), cell: (hit) => <span className="number">{hit.phone ?? '—'}</span> },
    { key: 'area', title: say('area'), cell: (hit) => hit.area ?? '—' },
    { key: 'institutions', title: say('institutions'), align: 'right', cell: (hit) => number(hit.institutions) },
    { key: 'last', title: say('last'), cell: (hit) => (hit.lastEventAt ? day(hit.lastEventAt) : '—') },
    {
      key: 'access',
      title: say('access'),
      cell: (hit) => (
        <span className="hit-access">
          <Badge tone={hit.access.allowed ? 'good' : hit.access.canBreakGlass ? 'warn' : 'plain'}>
            {pick(hit.access)}
          </Badge>
          {hit.access.allowed || hit.access.canBreakGlass ? (
            <Link to="/residents/$id" params={{ id: hit.id }} preload={false} aria-hidden="true" tabIndex={-1}>
              {hit.access.allowed ? say('openShort') : say('breakShort')}
            </Link>
          ) : (
            <span className="quiet small">{say('closed')}</span>
          )}
        </span>
      ),
    },
  ];
}

export function Residents() {
  const say = useResidentWords();
  const { number } = useFormat();
  const columns = useColumns();
  const [typed, setTyped] = useState(lastQuery);
  const [query, setQuery] = useState(lastQuery);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['resident-search', query],
    enabled: query !== '',
    queryFn: ({ signal }) =>
      call<{ items: ResidentHit[]; total: number }>('/residents/search', { method: 'POST', body: { query }, signal }),
    staleTime: 60_000,
    gcTime: 300_000,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const next = typed.trim();
    if (next !== '' && next === query) void refetch();
    lastQuery = next;
    setQuery(next);
  };
  const items = data?.items ?? [];
  const total = data?.total ?? 0;
  return (
    <Page title={say('title')} lead={say('lead')}>
      <search>
        <form className="resident-search panel" onSubmit={submit}>
          <TextField
            label={say('query')}
            hint={say('hint')}
            value={typed}
            onChange={setTyped}
            isPageSearch
            autoFocus={query === ''}
          />
          <Button type="primary" htmlType="submit" loading={isFetching}>
            {isFetching ? say('searching') : say('search')}
          </Button>
        </form>
      </search>
      <p role="status" className="resident-count">
        {data &&
          items.length > 0 &&
          say(total > items.length ? 'foundSome' : 'found', { total: number(total), shown: number(items.length) })}
      </p>
      {query === '' && <Blank title={say('start')} />}
      {error && <Failure failure={error} retry={() => void refetch()} />}
      {isFetching && !data && <Loading rows={4} />}
      {data && items.length === 0 && <Blank title={say('none')}>{say('noneHint')}</Blank>}
      {items.length > 0 && <DataTable caption={say('title')} columns={columns} rows={items} rowKey={(hit) => hit.id} />}
    </Page>
  );
}
