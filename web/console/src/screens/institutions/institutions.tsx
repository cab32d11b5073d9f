import type { Institution } from '@hutong/contract/console.ts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { tierKey } from '../../app/contract-lists.ts';
import { useContractWords } from '../../app/contract-words.ts';
import { institutionsQuery } from '../../app/directory.ts';
import { useFormat } from '../../app/format.ts';
import { type Column, DataTable, sortRows } from '../../parts/data-table.tsx';
import { SelectField, TextField } from '../../parts/fields.tsx';
import { Page } from '../../parts/page.tsx';
import { Blank, Failure, Loading } from '../../parts/states.tsx';
import { useInstitutionWords } from './words.ts';

const route = getRouteApi('/staff/institutions');
const kinds = ['hospital', 'maternal-child', 'tcm', 'community', 'township', 'cdc', 'laboratory'] as const;

export function Institutions() {
  const say = useInstitutionWords();
  const sayContract = useContractWords();
  const { language, name, number } = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const everything = useQuery(institutionsQuery({}));
  const { data, error, refetch } = useQuery({
    ...institutionsQuery({ area: search.area ?? '', q: search.q ?? '' }),
    placeholderData: keepPreviousData,
  });
  const set = (change: Partial<typeof search>): void =>
    void navigate({ search: { ...search, ...change }, replace: true });
  const areaName = (row: Institution): string => (language === 'en' ? row.areaEn : row.areaZh);
  const kindName = (row: Institution): string => {
    const known = kinds.find((kind) => kind === row.kind);
    return known ? say(`kind.${known}`) : row.kind;
  };
  const columns: Column<Institution>[] = [
    {
      key: 'name',
      title: say('name'),
      isRowName: true,
      sortBy: name,
      cell: (row) => (
        <>
          {name(row)}
          <small>{row.code}</small>
        </>
      ),
    },
    { key: 'area', title: say('area'), sortBy: areaName, cell: areaName },
    { key: 'tier', title: say('tier'), sortBy: (row) => row.tier, cell: (row) => sayContract(tierKey(row.tier)) },
    { key: 'kind', title: say('kind'), sortBy: kindName, cell: kindName },
    {
      key: 'protocol',
      title: say('protocol'),
      sortBy: (row) => row.protocol,
      cell: (row) =>
        row.protocol ? sayContract(`protocol.${row.protocol}`) : <span className="quiet">{say('notConnected')}</span>,
    },
  ];
  const sort = search.sort ? { key: search.sort, down: search.down === '1' } : null;
  const rows = sortRows(data?.items ?? [], columns, sort, language);
  const areas = [...new Map((everything.data?.items ?? []).map((row) => [row.area, areaName(row)]))].toSorted(
    ([, one], [, other]) => new Intl.Collator(language).compare(one, other),
  );
  return (
    <Page
      title={say('title')}
      lead={say('lead')}
      actions={
        data && (
          <span className="quiet" role="status">
            {say('count', { count: number(rows.length) })}
          </span>
        )
      }
    >
      <div className="filters">
        <TextField
          type="search"
          label={say('search')}
          value={search.q ?? ''}
          onChange={(q) => set({ q })}
          isPageSearch
        />
        <SelectField
          label={say('area')}
          value={search.area ?? ''}
          onChange={(area) => set({ area })}
          choices={[{ value: '', label: say('allAreas') }, ...areas.map(([value, label]) => ({ value, label }))]}
        />
      </div>
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={10} />}
      {data && rows.length === 0 && <Blank title={say('none')}>{say('noneHint')}</Blank>}
      {rows.length > 0 && (
        <DataTable
          caption={say('title')}
          columns={columns}
          rows={rows}
          rowKey={(row) => row.code}
          sort={sort}
          onSort={(next) => set({ sort: next.key, down: next.down ? '1' : '' })}
        />
      )}
    </Page>
  );
}
