import type { LineList, LineListCase, LineListNames } from '@hutong/contract/surveillance.ts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { call, callText, queryOf } from '../../app/api.ts';
import { useContractWords } from '../../app/contract-words.ts';
import { day, useFormat } from '../../app/format.ts';
import { Badge } from '../../parts/badge.tsx';
import { download } from '../../parts/csv.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { DateField, SelectField, TextField } from '../../parts/fields.tsx';
import { Page } from '../../parts/page.tsx';
import { Blank, Failure, Loading } from '../../parts/states.tsx';
import { cardTones } from '../cases/cards.tsx';
import { sayCode, sexWord, useSurveillanceWords } from '../surveillance/words.ts';
import { EpiCurve } from './epi-curve.tsx';
import { Pyramid, useBandWords } from './pyramid.tsx';
import { useLineListWords } from './words.ts';
import '../surveillance/surveillance.css';
import './line-list.css';

const route = getRouteApi('/staff/line-list');
const pageSize = 100;

export function LineListPage() {
  const say = useLineListWords();
  const { pick } = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const offset = Number(search.offset ?? 0) || 0;
  const filter = { disease: search.disease ?? 'measles', area: search.area, from: search.from, to: search.to };
  const { data, error, refetch } = useQuery({
    queryKey: ['line-list', filter, offset],
    queryFn: ({ signal }) =>
      call<LineList>(`/surveillance/line-list${queryOf({ ...filter, offset, limit: pageSize })}`, { signal }),
  });
  const exported = useMutation({
    mutationFn: () => callText(`/surveillance/line-list/export${queryOf(filter)}`),
    onSuccess: (text) => download(`line-list-${filter.disease}.csv`, text),
  });
  const change = (next: Record<string, string | undefined>): void =>
    void navigate({ search: { ...search, offset: undefined, ...next } as typeof search, replace: true });
  return (
    <Page
      title={say('title')}
      lead={say('lead')}
      actions={
        <Button loading={exported.isPending} disabled={!data || data.total === 0} onClick={() => exported.mutate()}>
          {say('export')}
        </Button>
      }
    >
      <div className="filters">
        <SelectField
          label={say('disease')}
          value={filter.disease}
          onChange={(disease) => change({ disease })}
          choices={(data?.diseases ?? []).map((row) => ({ value: row.code, label: pick(row) }))}
        />
        <TextField
          label={say('area')}
          value={filter.area ?? ''}
          onChange={(area) => change({ area: area || undefined })}
        />
        <DateField
          label={say('from')}
          value={filter.from ?? ''}
          onChange={(from) => change({ from: from || undefined })}
        />
        <DateField label={say('to')} value={filter.to ?? ''} onChange={(to) => change({ to: to || undefined })} />
      </div>
      {(error || exported.error) && <Failure failure={error ?? exported.error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={10} />}
      {data && data.total === 0 && <Blank title={say('empty')}>{say('emptyHint')}</Blank>}
      {data && data.total > 0 && (
        <>
          <Figures list={data} />
          <Cases
            key={`${filter.disease} ${offset}`}
            list={data}
            offset={offset}
            onPage={(next) => change({ offset: next > 0 ? String(next) : undefined })}
          />
        </>
      )}
    </Page>
  );
}

function Figures({ list }: { list: LineList }) {
  const say = useLineListWords();
  const { number } = useFormat();
  const words = useBandWords();
  return (
    <>
      <p className="row">
        <strong>{say('total', { count: number(list.total) })}</strong>
        {list.duplicates > 0 && <span>{say('duplicates', { count: number(list.duplicates) })}</span>}
        {list.withoutOnset > 0 && (
          <span className="quiet">{say('withoutOnset', { count: number(list.withoutOnset) })}</span>
        )}
        {list.withoutAge > 0 && <span className="quiet">{say('withoutAge', { count: number(list.withoutAge) })}</span>}
      </p>
      <div className="figures-two">
        <section className="panel">
          <h2>{say('curve')}</h2>
          <p className="row small">
            <span className="key key-onset">{say('byOnset')}</span>
            <span className="key key-report">{say('byReport')}</span>
          </p>
          <EpiCurve curve={list.curve} />
          <details>
            <summary>{say('data')}</summary>
            <DataTable
              dense
              narrow="scroll"
              caption={say('curve')}
              rows={list.curve}
              rowKey={(row) => row.day}
              columns={[
                { key: 'day', title: say('day'), isRowName: true, cell: (row) => row.day },
                { key: 'onset', title: say('byOnset'), align: 'right', cell: (row) => number(row.onset) },
                { key: 'reported', title: say('byReport'), align: 'right', cell: (row) => number(row.reported) },
              ]}
            />
          </details>
        </section>
        <section className="panel">
          <h2>{say('pyramid')}</h2>
          <Pyramid bands={list.pyramid} />
          <details>
            <summary>{say('data')}</summary>
            <DataTable
              dense
              narrow="scroll"
              caption={say('pyramid')}
              rows={list.pyramid}
              rowKey={(row) => String(row.from)}
              columns={[
                { key: 'from', title: say('band'), isRowName: true, cell: (row) => words(row.from) },
                { key: 'male', title: say('male'), align: 'right', cell: (row) => number(row.male) },
                { key: 'female', title: say('female'), align: 'right', cell: (row) => number(row.female) },
                { key: 'other', title: say('other'), align: 'right', cell: (row) => number(row.other) },
              ]}
            />
          </details>
        </section>
      </div>
    </>
  );
}

function Cases({ list, offset, onPage }: { list: LineList; offset: number; onPage: (offset: number) => void }) {
  const say = useLineListWords();
  const sayShared = useSurveillanceWords();
  const sayContract = useContractWords();
  const { pick, name, number } = useFormat();
  const names = useMutation({
    mutationFn: () =>
      call<LineListNames>('/surveillance/line-list/names', {
        method: 'POST',
        body: { cards: list.items.map(({ id }) => id) },
      }),
  });
  const named = new Map((names.data?.items ?? []).map((row) => [row.id, row]));
  const columns: Column<LineListCase>[] = [
    {
      key: 'case',
      title: say('case'),
      isRowName: true,
      cell: (row) => (
        <>
          <Link to="/report-cards/$id" params={{ id: row.id }}>
            {row.id.split('.')[0]}
          </Link>
          {row.twin && <Badge tone="warn">{say('twin')}</Badge>}
        </>
      ),
    },
    ...(names.data
      ? [
          {
            key: 'name',
            title: say('name'),
            cell: (row: LineListCase) => (
              <span>
                {named.get(row.id)?.name ?? '—'}
                <small>{named.get(row.id)?.phone ?? ''}</small>
              </span>
            ),
          },
        ]
      : []),
    {
      key: 'sexAge',
      title: say('sexAge'),
      cell: (row) => `${sayContract(sexWord(row.sex))} / ${row.age ?? '—'}`,
    },
    { key: 'area', title: say('residence'), cell: (row) => pick(row.area) },
    { key: 'onset', title: say('onset'), cell: (row) => row.onset ?? '—' },
    { key: 'at', title: say('diagnosed'), cell: (row) => day(row.diagnosedAt) },
    { key: 'reported', title: say('reported'), cell: (row) => (row.reportedAt ? day(row.reportedAt) : '—') },
    { key: 'class', title: say('caseClass'), cell: (row) => sayCode(sayShared, `class.${row.caseClass}`) },
    {
      key: 'state',
      title: say('state'),
      cell: (row) => <Badge tone={cardTones[row.state]}>{sayShared(`card.${row.state}`)}</Badge>,
    },
    { key: 'institution', title: say('institution'), cell: (row) => name(row.institution) },
    ...(list.mayName
      ? [
          {
            key: 'contacts',
            title: say('contactsTitle'),
            cell: (row: LineListCase) => (
              <Link to="/contacts" search={{ card: row.id }}>
                {say('contacts', { count: number(row.contacts) })}
              </Link>
            ),
          },
        ]
      : []),
  ];
  return (
    <section className="section-below">
      <div className="row between">
        <h2>{say('cases')}</h2>
        {list.mayName && !names.data && (
          <Button loading={names.isPending} onClick={() => names.mutate()}>
            {say('showNames')}
          </Button>
        )}
      </div>
      {list.mayName && <p className="quiet small">{say('namesNote')}</p>}
      {names.isError && <Failure failure={names.error} />}
      <DataTable caption={say('cases')} columns={columns} rows={list.items} rowKey={(row) => row.id} dense />
      <div className="row list-foot">
        <Button disabled={offset === 0} onClick={() => onPage(Math.max(0, offset - pageSize))}>
          {say('back')}
        </Button>
        <span>
          {say('page', {
            from: number(offset + 1),
            to: number(offset + list.items.length),
            total: number(list.total),
          })}
        </span>
        <Button disabled={offset + list.items.length >= list.total} onClick={() => onPage(offset + pageSize)}>
          {say('more')}
        </Button>
      </div>
    </section>
  );
}
