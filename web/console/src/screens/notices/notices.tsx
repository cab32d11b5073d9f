import type { ProductKind, ProductPage, ProductState } from '@hutong/contract/surveillance.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { call, queryOf } from '../../app/api.ts';
import { moment, useFormat } from '../../app/format.ts';
import type { Tone } from '../../app/theme.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { SelectField } from '../../parts/fields.tsx';
import { Page } from '../../parts/page.tsx';
import { Blank, Failure, Loading } from '../../parts/states.tsx';
import { PushSwitch } from './push-switch.tsx';
import { useNoticeWords } from './words.ts';

const route = getRouteApi('/staff/notices');
const kinds: ProductKind[] = ['public-notice', 'department-notice', 'decision-advice'];
export const productTones: Record<ProductState, Tone> = {
  draft: 'plain',
  submitted: 'warn',
  issued: 'good',
  returned: 'bad',
  withdrawn: 'plain',
};

export function Notices() {
  const say = useNoticeWords();
  const { pick, number } = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch } = useQuery({
    queryKey: ['products', search.kind, search.state],
    queryFn: ({ signal }) =>
      call<ProductPage>(`/surveillance/products${queryOf({ kind: search.kind, state: search.state })}`, { signal }),
  });
  const change = (next: Record<string, string | undefined>): void =>
    void navigate({ search: { ...search, ...next } as typeof search, replace: true });
  return (
    <Page
      title={say('title')}
      lead={say('lead')}
      actions={data && data.toSign > 0 && <Badge tone="warn">{say('toSign', { count: number(data.toSign) })}</Badge>}
    >
      <div className="filters">
        <SelectField
          label={say('kind')}
          value={search.kind ?? ''}
          onChange={(kind) => change({ kind: kind || undefined })}
          choices={[
            { value: '', label: say('all') },
            ...kinds.map((value) => ({ value, label: say(`kind.${value}`) })),
          ]}
        />
        <SelectField
          label={say('state')}
          value={search.state ?? ''}
          onChange={(state) => change({ state: state || undefined })}
          choices={[
            { value: '', label: say('all') },
            ...(Object.keys(productTones) as ProductState[]).map((value) => ({
              value,
              label: say(`product.${value}`),
            })),
          ]}
        />
      </div>
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={6} />}
      {data && data.items.length === 0 && <Blank title={say('none')}>{say('noneHint')}</Blank>}
      {data && data.items.length > 0 && (
        <DataTable
          caption={say('title')}
          rows={data.items}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'kind',
              title: say('kind'),
              isRowName: true,
              cell: (row) => (
                <>
                  <Link to="/notices/$id" params={{ id: row.id }}>
                    {say(`kind.${row.kind}`)}
                  </Link>
                  <small>{row.number ?? ''}</small>
                </>
              ),
            },
            { key: 'topic', title: say('topic'), cell: (row) => `${pick(row.topic)} · ${pick(row.area)}` },
            { key: 'level', title: say('level'), cell: (row) => say(`level.${row.level}`) },
            {
              key: 'state',
              title: say('state'),
              cell: (row) => <Badge tone={productTones[row.state]}>{say(`product.${row.state}`)}</Badge>,
            },
            {
              key: 'drafted',
              title: say('drafted'),
              cell: (row) => (
                <span>
                  {row.draftedBy}
                  <small>{moment(row.draftedAt)}</small>
                </span>
              ),
            },
            {
              key: 'signed',
              title: say('signed'),
              cell: (row) => (
                <span>
                  {row.signedBy ?? '—'}
                  <small>{row.signedAt ? moment(row.signedAt) : ''}</small>
                </span>
              ),
            },
          ]}
        />
      )}
      <PushSwitch />
    </Page>
  );
}
