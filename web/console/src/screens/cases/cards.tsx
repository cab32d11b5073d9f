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
import { Clock } from '../surveillance/clock.tsx';
import { sayCode, sexWord, useSurveillanceWords } from '../surveillance/words.ts';
import { sayCaseCode, useCaseWords } from './words.ts';

const route = getRouteApi('/staff/report-cards');
export const cardTones: Record<CardState, Tone> = {
  pending: 'warn',
  question: 'info',
  revise: 'bad',
  returned: 'bad',
  confirmed: 'info',
  'county-approved': 'info',
  'city-approved': 'info',
  approved: 'good',
  rejected: 'plain',
  duplicate: 'plain',
  withdrawn: 'plain',
};
const states = Object.keys(cardTones) as CardState[];
export const isOpenCard = (state: CardState): boolean =>
  state === 'pending' || state === 'revise' || state === 'returned';

export function ReportCards() {
  const say = useCaseWords();
  const sayShared = useSurveillanceWords();
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
          <small>{sayCaseCode(say, `group.${row.disease.class}`)}</small>
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
    { key: 'area', title: sayShared('area'), cell: (row) => pick(row.area) },
    { key: 'class', title: sayShared('caseClass'), cell: (row) => sayCode(sayShared, `class.${row.caseClass}`) },
    {
      key: 'state',
      title: sayShared('state'),
      cell: (row) => (
        <span className="row">
          <Badge tone={cardTones[row.state]}>{sayShared(`card.${row.state}`)}</Badge>
          {row.pushedBack && isOpenCard(row.state) && <Badge tone="bad">{say('pushed')}</Badge>}
        </span>
      ),
    },
    {
      key: 'due',
      title: sayShared('due'),
      cell: (row) => (
        <span>
          {row.review ? (
            <Clock due={row.review.dueAt} open />
          ) : row.state === 'question' ? (
            '—'
          ) : (
            <Clock due={row.dueAt} open={isOpenCard(row.state)} />
          )}
        </span>
      ),
    },
    { key: 'institution', title: sayShared('institution'), cell: (row) => name(row.institution) },
  ];
  const items = data?.items ?? [];
  return (
    <Page
      title={say('cards')}
      lead={say('cardsLead')}
      actions={
        <>
          <Link to="/missed-reports">{say('missedTitle')}</Link>
          {data && data.overdue > 0 && (
            <Badge tone="bad">{sayShared('overdue', { count: number(data.overdue) })}</Badge>
          )}
        </>
      }
    >
      <div className="filters">
        <SelectField
          label={sayShared('state')}
          value={state}
          onChange={(value) => void navigate({ search: { state: value === '' ? 'all' : value }, replace: true })}
          choices={[
            { value: 'open', label: sayShared('open') },
            { value: 'review', label: say('review') },
            { value: 'missed', label: say('missedState') },
            { value: '', label: sayShared('all') },
            ...states.map((value) => ({ value, label: sayShared(`card.${value}`) })),
          ]}
        />
      </div>
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={8} />}
      {data && items.length === 0 && <Blank title={say('noCards')}>{say('noCardsHint')}</Blank>}
      {items.length > 0 && <DataTable caption={say('cards')} columns={columns} rows={items} rowKey={(row) => row.id} />}
      <span className="unseen" aria-live="polite">
        {data ? sayShared('shown', { count: number(items.length) }) : ''}
      </span>
    </Page>
  );
}
