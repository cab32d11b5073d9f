import type { SignalInbox, SignalSummary } from '@hutong/contract/surveillance.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { call, queryOf } from '../../app/api.ts';
import { useFormat } from '../../app/format.ts';
import type { Tone } from '../../app/theme.ts';
import { Badge } from '../../parts/badge.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Page } from '../../parts/page.tsx';
import { Blank, Failure, Loading } from '../../parts/states.tsx';
import { Clock } from './clock.tsx';
import { useSurveillanceWords } from './words.ts';

const route = getRouteApi('/staff/signals');
const tones: Record<SignalSummary['state'], Tone> = { passed: 'bad', acknowledged: 'warn', answered: 'good' };
const states = ['open', 'answered', ''] as const;

export function Signals() {
  const say = useSurveillanceWords();
  const { pick, number } = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const state = search.state === 'all' ? '' : (search.state ?? 'open');
  const { data, error, refetch } = useQuery({
    queryKey: ['signals', state],
    queryFn: ({ signal }) => call<SignalInbox>(`/surveillance/signals${queryOf({ state, limit: 100 })}`, { signal }),
    refetchInterval: 5_000,
  });
  const columns: Column<SignalSummary>[] = [
    {
      key: 'signal',
      title: say('signal'),
      isRowName: true,
      cell: (row) => (
        <>
          <Link to="/signals/$id" params={{ id: row.id }}>
            {pick(row.topic)} · {pick(row.area)}
          </Link>
          <small>{pick(row.reason)}</small>
        </>
      ),
    },
    {
      key: 'rule',
      title: say('channel'),
      cell: (row) => (
        <span>
          {pick(row.channel)}
          <small>{say(`rule.${row.rule}`)}</small>
        </span>
      ),
    },
    {
      key: 'stage',
      title: say('stage'),
      cell: (row) => (
        <Badge tone={tones[row.state]}>
          {row.state === 'acknowledged' ? say(`step.${row.step}`) : say(`state.${row.state}`)}
        </Badge>
      ),
    },
    {
      key: 'due',
      title: say('due'),
      cell: (row) => (
        <span>
          <Clock due={row.dueAt} open={row.state !== 'answered'} />
        </span>
      ),
    },
    { key: 'observed', title: say('observed'), align: 'right', cell: (row) => number(row.observed) },
    {
      key: 'expected',
      title: say('expected'),
      align: 'right',
      cell: (row) => (row.expected === null ? '—' : number(Math.round(row.expected * 10) / 10)),
    },
    {
      key: 'score',
      title: say('score'),
      align: 'right',
      cell: (row) => (
        <span title={row.parts.map((part) => `${pick(part)} ${part.points}`).join('\n')}>{number(row.score)}</span>
      ),
    },
  ];
  const items = data?.items ?? [];
  return (
    <Page
      title={say('inbox')}
      lead={say('inboxLead')}
      actions={data && data.overdue > 0 && <Badge tone="bad">{say('overdue', { count: number(data.overdue) })}</Badge>}
    >
      <fieldset className="chips" style={{ marginBottom: '1rem' }}>
        <legend className="unseen">{say('state')}</legend>
        {states.map((value) => (
          <button
            key={value}
            type="button"
            className="chip"
            aria-pressed={state === value}
            onClick={() => void navigate({ search: { state: value === '' ? 'all' : value }, replace: true })}
          >
            {say(value === '' ? 'all' : value)}
            {value === 'open' && data && <b>{number(data.open)}</b>}
          </button>
        ))}
      </fieldset>
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={8} />}
      {data && items.length === 0 && <Blank title={say('noSignals')}>{say('noSignalsHint')}</Blank>}
      {items.length > 0 && <DataTable caption={say('inbox')} columns={columns} rows={items} rowKey={(row) => row.id} />}
      <span className="unseen" aria-live="polite">
        {data ? say('shown', { count: number(items.length) }) : ''}
      </span>
    </Page>
  );
}
