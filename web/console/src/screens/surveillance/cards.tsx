import type { CardPage, CardState, CardSummary } from '@hutong/contract/surveillance.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { call, queryOf } from '../../app/api.ts';
import { useContractWords } from '../../app/contract-words.ts';
import { useFormat } from '../../app/format.ts';
import type { Tone } from '../../app/theme.ts';
import { Badge } from '../../parts/badge.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { SelectField } from '../../parts/fields.tsx';
import { Page } from '../../parts/page.tsx';
import { Blank, Failure, Loading } from '../../parts/states.tsx';
import { Clock } from './clock.tsx';
import { sayCode, sexWord, useSurveillanceWords } from './words.ts';

const route = getRouteApi('/staff/report-cards');
export const cardTones: Record<CardState, Tone> = {
  pending: 'warn',
  revise: 'bad',
  returned: 'bad',
  confirmed: 'info',
  approved: 'good',
  rejected: 'plain',
  withdrawn: 'plain',
};
const states: CardState[] = ['pending', 'revise', 'returned', 'confirmed', 'approved', 'rejected', 'withdrawn'];
export const isOpenCard = (state: CardState): boolean =>
  state === 'pending' || state === 'revise' || state === 'returned';

export function ReportCards() {
  const say = useSurveillanceWords();
  const sayContract = useContractWords();
  const { pick, name, number } = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const state = search.state === 'all' ? '' : (search.state ?? 'open');
  const { data, error, refetch } = useQuery({
    queryKey: ['report-cards', state],
    queryFn: ({ signal }) => call<CardPage>(`/surveillance/cards${queryOf({ state, limit: 100 })}`, { signal }),
    refetchInterval: 5_000,
  });
  const columns: Column<CardSummary>[] = [
    {
      key: 'disease',
      title: say('disease'),
      isRowName: true,
      cell: (row) => (
        <>
          <Link to="/report-cards/$id" params={{ id: row.id }}>
            {pick(row.disease)}
          </Link>
          <small>{sayCode(say, `group.${row.disease.class}`)}</small>
        </>
      ),
    },
    {
      key: 'name',
      title: say('name'),
      cell: (row) => (
        <span>
          {row.name}
          <small>
            {sayContract(sexWord(row.sex))} / {row.age || '—'}
          </small>
        </span>
      ),
    },
    { key: 'area', title: say('area'), cell: (row) => pick(row.area) },
    { key: 'class', title: say('caseClass'), cell: (row) => sayCode(say, `class.${row.caseClass}`) },
    {
      key: 'state',
      title: say('state'),
      cell: (row) => <Badge tone={cardTones[row.state]}>{say(`card.${row.state}`)}</Badge>,
    },
    {
      key: 'due',
      title: say('due'),
      cell: (row) => (
        <span>
          <Clock due={row.dueAt} open={isOpenCard(row.state)} />
        </span>
      ),
    },
    { key: 'institution', title: say('institution'), cell: (row) => name(row.institution) },
  ];
  const items = data?.items ?? [];
  return (
    <Page
      title={say('cards')}
      lead={say('cardsLead')}
      actions={data && data.overdue > 0 && <Badge tone="bad">{say('overdue', { count: number(data.overdue) })}</Badge>}
    >
      <div className="filters">
        <SelectField
          label={say('state')}
          value={state}
          onChange={(value) => void navigate({ search: { state: value === '' ? 'all' : value }, replace: true })}
          choices={[
            { value: 'open', label: say('open') },
            { value: '', label: say('all') },
            ...states.map((value) => ({ value, label: say(`card.${value}`) })),
          ]}
        />
      </div>
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={8} />}
      {data && items.length === 0 && <Blank title={say('noCards')}>{say('noCardsHint')}</Blank>}
      {items.length > 0 && <DataTable caption={say('cards')} columns={columns} rows={items} rowKey={(row) => row.id} />}
      <span className="unseen" aria-live="polite">
        {data ? say('shown', { count: number(items.length) }) : ''}
      </span>
    </Page>
  );
}
