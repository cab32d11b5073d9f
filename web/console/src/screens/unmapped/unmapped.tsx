import type { Connection, UnmappedRow } from '@hutong/contract/console.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button } from 'antd';
import { call } from '../../app/api.ts';
import { protocols } from '../../app/contract-lists.ts';
import { useContractWords } from '../../app/contract-words.ts';
import { day, moment, useFormat } from '../../app/format.ts';
import { csv, download } from '../../parts/csv.ts';
import { type Column, DataTable, sortRows } from '../../parts/data-table.tsx';
import { SelectField, TextField } from '../../parts/fields.tsx';
import { Page } from '../../parts/page.tsx';
import { Blank, Failure, Loading } from '../../parts/states.tsx';
import { useUnmappedWords } from './words.ts';

const route = getRouteApi('/staff/unmapped');

export function Unmapped() {
  const say = useUnmappedWords();
  const sayContract = useContractWords();
  const { language, name, number } = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch } = useQuery({
    queryKey: ['unmapped'],
    queryFn: ({ signal }) => call<{ rows: UnmappedRow[] }>('/unmapped', { signal }),
  });
  const set = (change: Partial<typeof search>): void =>
    void navigate({ search: { ...search, ...change }, replace: true });
  const protocolName = (protocol: string): string => {
    const known = protocols.find((candidate) => candidate === protocol);
    return known ? sayContract(`protocol.${known satisfies Connection['protocol']}`) : protocol;
  };
  const sender = (row: UnmappedRow): string => (row.institution ? name(row.institution) : say('unknownSender'));

  const columns: Column<UnmappedRow>[] = [
    {
      key: 'path',
      title: say('path'),
      isRowName: true,
      sortBy: (row) => row.path,
      cell: (row) => <code>{row.path}</code>,
    },
    { key: 'kind', title: say('kind'), sortBy: (row) => row.kind, cell: (row) => row.kind },
    { key: 'institution', title: say('institution'), sortBy: sender, cell: sender },
    {
      key: 'protocol',
      title: say('protocol'),
      sortBy: (row) => row.protocol,
      cell: (row) => protocolName(row.protocol),
    },
    { key: 'count', title: say('count'), align: 'right', sortBy: (row) => row.count, cell: (row) => number(row.count) },
    { key: 'last', title: say('last'), sortBy: (row) => row.lastAt, cell: (row) => moment(row.lastAt) },
  ];
  const all = data?.rows ?? [];
  const wanted = (search.q ?? '').trim().toLocaleLowerCase();
  const institutions = new Map(
    all.flatMap((row) => (row.institution ? [[row.institution.code, name(row.institution)] as const] : [])),
  );
  const sort = { key: search.sort ?? 'count', down: search.sort ? search.down === '1' : true };
  const rows = sortRows(
    all.filter(
      (row) =>
        (!search.institution || row.institution?.code === search.institution) &&
        (!search.protocol || row.protocol === search.protocol) &&
        (wanted === '' || `${row.path} ${row.kind}`.toLocaleLowerCase().includes(wanted)),
    ),
    columns,
    sort,
    language,
  );
  const exportRows = (): void => {
    const header = [say('path'), say('kind'), say('institution'), say('protocol'), say('count'), say('last')];
    download(
      `${say('file')}-${day(new Date().toISOString())}.csv`,
      csv(
        header,
        rows.map((row) => [row.path, row.kind, sender(row), protocolName(row.protocol), row.count, moment(row.lastAt)]),
      ),
    );
  };

  return (
    <Page
      title={say('title')}
      lead={say('lead')}
      actions={rows.length > 0 && <Button onClick={exportRows}>{say('export', { count: number(rows.length) })}</Button>}
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
          label={say('institution')}
          value={search.institution ?? ''}
          onChange={(institution) => set({ institution })}
          choices={[
            { value: '', label: say('allInstitutions') },
            ...[...institutions].map(([value, label]) => ({ value, label })),
          ]}
        />
        <SelectField
          label={say('protocol')}
          value={search.protocol ?? ''}
          onChange={(protocol) => set({ protocol })}
          choices={[
            { value: '', label: say('allProtocols') },
            ...protocols.map((value) => ({ value, label: protocolName(value) })),
          ]}
        />
      </div>
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={8} />}
      {data && all.length === 0 && <Blank title={say('nothing')}>{say('nothingHint')}</Blank>}
      {all.length > 0 && rows.length === 0 && <Blank title={say('none')}>{say('noneHint')}</Blank>}
      {rows.length > 0 && (
        <DataTable
          caption={say('title')}
          columns={columns}
          rows={rows}
          rowKey={(row) => `${row.institution?.code} ${row.protocol} ${row.kind} ${row.path}`}
          sort={sort}
          onSort={(next) => set({ sort: next.key, down: next.down ? '1' : '' })}
        />
      )}
    </Page>
  );
}
