import type { InboxItem } from '@hutong/contract/console.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { type FormEvent, useEffect, useState } from 'react';
import { inboxStates, inboxTones, protocols } from '../../app/contract-lists.ts';
import { useContractWords } from '../../app/contract-words.ts';
import { useInstitutionChoices } from '../../app/directory.ts';
import { moment, useFormat } from '../../app/format.ts';
import { useSession } from '../../app/session.ts';
import { useShortcuts } from '../../app/shortcuts.ts';
import { Badge } from '../../parts/badge.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { SelectField, TextField } from '../../parts/fields.tsx';
import { Page } from '../../parts/page.tsx';
import { Blank, Failure, Loading, LoadMore } from '../../parts/states.tsx';
import './inbox.css';
import { type InboxFilters, type InboxPage, inboxQuery } from './inbox-data.ts';
import { ReplayRule } from './replay-rule.tsx';
import { useInboxWords } from './words.ts';

const route = getRouteApi('/staff/inbox');

function useColumns(): Column<InboxItem>[] {
  const say = useInboxWords();
  const sayContract = useContractWords();
  const { pick, name, number, bytes } = useFormat();
  return [
    {
      key: 'message',
      title: say('message'),
      isRowName: true,
      cell: (item) => (
        <>
          <Link to="/inbox/$id" params={{ id: item.id }} preload={false}>
            {item.kind}
          </Link>
          <small>{sayContract(`protocol.${item.protocol}`)}</small>
        </>
      ),
    },
    {
      key: 'state',
      title: say('state'),
      cell: (item) => <Badge tone={inboxTones[item.state]}>{sayContract(`inbox.${item.state}`)}</Badge>,
    },
    {
      key: 'why',
      title: say('why'),
      cell: (item) =>
        item.rule ? (
          <span className="inbox-why">
            {item.zh !== null && item.en !== null && pick({ zh: item.zh, en: item.en })}
            <small>
              <code>{item.rule}</code>
            </small>
          </span>
        ) : (
          '—'
        ),
    },
    {
      key: 'sender',
      title: say('sender'),
      cell: (item) => (
        <span>
          {item.institution ? name(item.institution) : say('unknownSender')}
          <small>{item.sender}</small>
        </span>
      ),
    },
    {
      key: 'controlId',
      title: say('controlId'),
      cell: (item) => <code className="nowrap">{item.controlId || '—'}</code>,
    },
    {
      key: 'received',
      title: say('received'),
      cell: (item) => <span className="nowrap">{moment(item.receivedAt)}</span>,
    },
    { key: 'tries', title: say('tries'), align: 'right', cell: (item) => number(item.tries) },
    {
      key: 'size',
      title: say('size'),
      align: 'right',
      cell: (item) => <span className="nowrap">{bytes(item.bytes)}</span>,
    },
  ];
}

function Filters({ filters, set }: { filters: InboxFilters; set: (change: InboxFilters) => void }) {
  const say = useInboxWords();
  const sayContract = useContractWords();
  const institutions = useInstitutionChoices(say('allInstitutions'), filters.institution ?? '');
  // Whoever works for one institution is shown only its messages.
  const isAllInstitutions = useSession().data?.institution === null;
  const [kind, setKind] = useState(filters.kind ?? '');
  const [q, setQ] = useState(filters.q ?? '');
  useEffect(() => {
    setKind(filters.kind ?? '');
    setQ(filters.q ?? '');
  }, [filters.kind, filters.q]);
  const isFiltered = Object.values(filters).some(Boolean);
  const apply = (event: FormEvent): void => {
    event.preventDefault();
    set({ kind: kind.trim(), q: q.trim() });
  };
  return (
    <form className="filters" onSubmit={apply}>
      <TextField type="search" label={say('q')} value={q} onChange={setQ} isPageSearch />
      <TextField label={say('kind')} value={kind} onChange={setKind} placeholder={say('kindPlaceholder')} />
      {isAllInstitutions && (
        <SelectField
          label={say('institution')}
          value={filters.institution ?? ''}
          choices={institutions}
          onChange={(institution) => set({ institution })}
        />
      )}
      <SelectField
        label={say('protocol')}
        value={filters.protocol ?? ''}
        onChange={(protocol) => set({ protocol })}
        choices={[
          { value: '', label: say('allProtocols') },
          ...protocols.map((value) => ({ value, label: sayContract(`protocol.${value}`) })),
        ]}
      />
      <Button htmlType="submit">{say('apply')}</Button>
      {isFiltered && (
        <Button
          type="text"
          onClick={() => set({ state: '', institution: '', protocol: '', kind: '', rule: '', q: '' })}
        >
          {say('reset')}
        </Button>
      )}
    </form>
  );
}

function Rules({ page, chosen, set }: { page: InboxPage; chosen: string; set: (change: InboxFilters) => void }) {
  const say = useInboxWords();
  const { pick, number } = useFormat();
  return (
    <aside className="panel inbox-rules" aria-labelledby="rules-title">
      <h2 id="rules-title">{say('rules')}</h2>
      <p className="quiet small">{page.rules.length === 0 ? say('noRules') : say('rulesHint')}</p>
      <ul>
        {page.rules.map((rule) => (
          <li key={rule.rule}>
            <button
              type="button"
              className="rule"
              aria-pressed={chosen === rule.rule}
              onClick={() => set({ rule: chosen === rule.rule ? '' : rule.rule })}
            >
              <span>
                {pick(rule)}
                <code>{rule.rule}</code>
              </span>
              <b className="number">{number(rule.count)}</b>
            </button>
          </li>
        ))}
      </ul>
      {chosen !== '' && <ReplayRule rule={chosen} />}
    </aside>
  );
}

export function Inbox() {
  const say = useInboxWords();
  const sayContract = useContractWords();
  const { number } = useFormat();
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const columns = useColumns();
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage, isRefetching } = useInfiniteQuery(
    inboxQuery(filters),
  );
  const [active, setActive] = useState(-1);
  const set = (change: InboxFilters): void => {
    setActive(-1);
    void navigate({ search: { ...filters, ...change }, replace: true });
  };
  const first = data?.pages[0];
  const items = data?.pages.flatMap((page) => page.items) ?? [];

  const move = (by: number): void => {
    const next = Math.min(items.length - 1, Math.max(0, active + by));
    setActive(next);
    if (next === items.length - 1 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
    requestAnimationFrame(() => document.querySelector<HTMLElement>('tr.is-active a')?.focus());
  };
  useShortcuts({ j: () => move(1), k: () => move(-1) });

  const total = first ? inboxStates.reduce((sum, state) => sum + (first.counts[state] ?? 0), 0) : 0;
  return (
    <Page
      title={say('title')}
      lead={say('lead')}
      actions={
        <>
          <span className="quiet small keys-hint">{say('keysHint')}</span>
          <Button size="small" loading={isRefetching && !isFetchingNextPage} onClick={() => void refetch()}>
            {say('refresh')}
          </Button>
        </>
      }
    >
      {first && (
        <fieldset className="chips" style={{ marginBottom: '1rem' }}>
          <legend className="unseen">{say('states')}</legend>
          <button type="button" className="chip" aria-pressed={!filters.state} onClick={() => set({ state: '' })}>
            {say('all')} <b>{number(total)}</b>
          </button>
          {inboxStates.map((state) => (
            <button
              key={state}
              type="button"
              className="chip"
              aria-pressed={filters.state === state}
              onClick={() => set({ state: filters.state === state ? '' : state })}
            >
              {sayContract(`inbox.${state}`)} <b>{number(first.counts[state] ?? 0)}</b>
            </button>
          ))}
        </fieldset>
      )}
      <Filters filters={filters} set={set} />
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={10} />}
      {first && (
        <div className="inbox-columns">
          <div>
            {items.length === 0 ? (
              <Blank title={say('none')}>{say('noneHint')}</Blank>
            ) : (
              <DataTable
                caption={say('title')}
                columns={columns}
                rows={items}
                rowKey={(item) => item.id}
                rowClass={(item) => (items[active]?.id === item.id ? 'is-active' : undefined)}
              />
            )}
            <LoadMore
              count={items.length}
              hasMore={hasNextPage}
              loading={isFetchingNextPage}
              onMore={() => void fetchNextPage()}
            />
          </div>
          <Rules page={first} chosen={filters.rule ?? ''} set={set} />
        </div>
      )}
    </Page>
  );
}
