import type { ProductDetail, RiskLevel } from '@hutong/contract/surveillance.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { call } from '../../app/api.ts';
import { moment } from '../../app/format.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { DateField, SelectField, TextAreaField, TextField } from '../../parts/fields.tsx';
import { Page } from '../../parts/page.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { productTones } from './notices.tsx';
import { useNoticeWords } from './words.ts';
import '../surveillance/surveillance.css';
import './notices.css';

const route = getRouteApi('/staff/notices/$id');
const levels: RiskLevel[] = ['low', 'medium', 'high', 'very-high'];

export function Notice() {
  const say = useNoticeWords();
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['product', id],
    queryFn: ({ signal }) => call<ProductDetail>(`/surveillance/products/${id}`, { signal }),
  });
  return (
    <Page
      title={data ? say(`kind.${data.kind}`) : say('title')}
      lead={data?.number ?? undefined}
      actions={
        <>
          <Link to="/notices">{say('title')}</Link>
          {data && <Button onClick={() => window.print()}>{say('print')}</Button>}
        </>
      }
    >
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={10} />}
      {data && <Body key={data.version} product={data} />}
    </Page>
  );
}

/** The sheet as it is issued, and beside it what can be done now. Printing shows the sheet alone. */
function Body({ product }: { product: ProductDetail }) {
  const say = useNoticeWords();
  return (
    <div className="signal">
      <div>
        <article className="panel sheet" lang="zh-CN">
          <p className="sheet-number">{product.number ?? say('notIssued')}</p>
          <h2>{product.title}</h2>
          <p>
            <strong>{say('audience')}</strong> {product.audience}
          </p>
          <div className="sheet-body">{product.body}</div>
          {product.signedBy && product.signedAt && (
            <p className="sheet-sign">{say('issuedBy', { name: product.signedBy, at: moment(product.signedAt) })}</p>
          )}
        </article>
        <section className="panel no-print">
          <h2>{say('history')}</h2>
          <DataTable
            dense
            caption={say('history')}
            rows={product.acts}
            rowKey={(row, index) => `${index} ${row.at}`}
            columns={[
              { key: 'act', title: say('act'), isRowName: true, cell: (row) => say(`act.${row.act}` as 'act.draft') },
              { key: 'note', title: say('note'), cell: (row) => row.note ?? '—' },
              { key: 'who', title: say('who'), cell: (row) => row.who },
              { key: 'at', title: say('at'), cell: (row) => <span className="nowrap">{moment(row.at)}</span> },
            ]}
          />
        </section>
      </div>
      <div className="no-print">
        <section className="panel">
          <h2>{say('state')}</h2>
          <p className="row">
            <Badge tone={productTones[product.state]}>{say(`product.${product.state}`)}</Badge>
            {say('level')} {say(`level.${product.level}`)}
          </p>
          <p>
            <Link to="/signals/$id" params={{ id: product.signal }}>
              {say('signal')}
            </Link>
          </p>
        </section>
        {product.may.length > 0 && <Acts product={product} />}
      </div>
    </div>
  );
}

function Acts({ product }: { product: ProductDetail }) {
  const say = useNoticeWords();
  const queries = useQueryClient();
  const [content, setContent] = useState({
    title: product.title,
    body: product.body,
    audience: product.audience,
    level: product.level as string,
    validTo: product.validTo ?? '',
  });
  const [note, setNote] = useState('');
  const set = (key: keyof typeof content) => (value: string) => setContent({ ...content, [key]: value });
  const act = useMutation({
    mutationFn: ({ path, body }: { path: string; body: object }) =>
      call(`/surveillance/products/${product.id}/${path}`, {
        method: 'POST',
        body: { version: product.version, ...body },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['product', product.id] });
      await queries.invalidateQueries({ queryKey: ['products'] });
    },
  });
  const can = (name: ProductDetail['may'][number]): boolean => product.may.includes(name);
  const send = (path: string, body: object = {}): void => act.mutate({ path, body });
  return (
    <section className="panel stack">
      {can('edit') && (
        <>
          <TextField label={say('name')} value={content.title} onChange={set('title')} />
          <TextField label={say('audience')} value={content.audience} onChange={set('audience')} />
          <SelectField
            label={say('level')}
            value={content.level}
            onChange={set('level')}
            choices={levels.map((value) => ({ value, label: say(`level.${value}`) }))}
          />
          <DateField label={say('validTo')} value={content.validTo} onChange={set('validTo')} />
          <TextAreaField label={say('body')} value={content.body} onChange={set('body')} rows={14} />
          <div className="row">
            <Button
              loading={act.isPending}
              onClick={() => send('edit', { ...content, validTo: content.validTo || null })}
            >
              {say('save')}
            </Button>
            {can('submit') && (
              <Button type="primary" loading={act.isPending} onClick={() => send('submit')}>
                {say('submit')}
              </Button>
            )}
          </div>
        </>
      )}
      {can('sign') && (
        <Button type="primary" loading={act.isPending} onClick={() => send('sign')}>
          {say('sign')}
        </Button>
      )}
      {(can('return') || can('withdraw')) && (
        <>
          <TextAreaField label={say('reason')} value={note} onChange={setNote} rows={2} />
          <Button
            disabled={note.trim() === ''}
            loading={act.isPending}
            onClick={() => send(can('return') ? 'return' : 'withdraw', { note: note.trim() })}
          >
            {say(can('return') ? 'giveBack' : 'withdraw')}
          </Button>
        </>
      )}
      {act.isError && <Failure failure={act.error} />}
    </section>
  );
}
