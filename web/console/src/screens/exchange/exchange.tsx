import type { ExchangePage, ExchangeRow } from '@hutong/contract/surveillance.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { call } from '../../app/api.ts';
import { moment, useFormat } from '../../app/format.ts';
import { useMay } from '../../app/session.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { DateField, TextField } from '../../parts/fields.tsx';
import { Page } from '../../parts/page.tsx';
import { Blank, Failure, Loading } from '../../parts/states.tsx';
import { Agreements } from './agreements.tsx';
import { Hooks } from './hooks.tsx';
import { useExchangeWords } from './words.ts';
import './exchange.css';

export function Exchange() {
  const say = useExchangeWords();
  const may = useMay();
  const { pick, number } = useFormat();
  const { data, error, refetch } = useQuery({
    queryKey: ['exchange'],
    queryFn: ({ signal }) => call<ExchangePage>('/surveillance/exchange', { signal }),
  });
  return (
    <Page title={say('title')} lead={say('lead')}>
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={8} />}
      {data && (
        <>
          <h2 className="panel-title">{say('incoming')}</h2>
          {data.rows.length === 0 ? (
            <Blank title={say('noIncoming')}>{say('noIncomingHint')}</Blank>
          ) : (
            <DataTable
              caption={say('incoming')}
              rows={data.rows}
              rowKey={(row) => row.id}
              columns={[
                {
                  key: 'label',
                  title: say('label'),
                  isRowName: true,
                  cell: (row) => (
                    <>
                      {row.label || '—'}
                      <small>
                        {say(`kind.${row.kind}`)} · {say('version', { count: row.version })}
                      </small>
                    </>
                  ),
                },
                { key: 'department', title: say('department'), cell: (row) => row.department },
                { key: 'area', title: say('area'), cell: (row) => pick(row.area) },
                { key: 'day', title: say('day'), cell: (row) => row.day ?? '—' },
                { key: 'details', title: say('details'), cell: (row) => <Details row={row} fields={data.fields} /> },
                { key: 'received', title: say('receivedAt'), cell: (row) => moment(row.receivedAt) },
                {
                  key: 'state',
                  title: say('state'),
                  cell: (row) => <Settle row={row} mayAct={may('surveillance.names')} />,
                },
              ]}
            />
          )}
          <Agreements page={data} mayAgree={may('surveillance.agree')} />
          {data.log.length > 0 && (
            <section className="section-below">
              <h2 className="panel-title">{say('log')}</h2>
              <DataTable
                dense
                caption={say('log')}
                rows={data.log}
                rowKey={(row, index) => `${index} ${row.at}`}
                columns={[
                  { key: 'at', title: say('at'), isRowName: true, cell: (row) => moment(row.at) },
                  { key: 'agreement', title: say('id'), cell: (row) => row.agreement },
                  {
                    key: 'direction',
                    title: say('direction'),
                    cell: (row) => `${say(`direction.${row.direction}`)} · ${say(`kind.${row.kind}`)}`,
                  },
                  { key: 'rows', title: say('rows'), align: 'right', cell: (row) => number(row.rows) },
                  {
                    key: 'result',
                    title: say('result'),
                    cell: (row) =>
                      row.direction === 'in' ? `${row.created} / ${row.revised} / ${row.unchanged}` : '—',
                  },
                  { key: 'who', title: say('who'), cell: (row) => row.who },
                ]}
              />
            </section>
          )}
          {may('surveillance.agree') && <Hooks />}
        </>
      )}
    </Page>
  );
}

function Details({ row, fields }: { row: ExchangeRow; fields: ExchangePage['fields'] }) {
  const { pick } = useFormat();
  return (
    <span>
      {Object.entries(row.shown)
        .filter(([name]) => name !== 'name' && name !== 'topic')
        .map(([name, value]) => {
          const field = fields.find(({ kind, code }) => kind === row.kind && code === name);
          return <small key={name}>{`${field ? pick(field) : name}: ${value}`}</small>;
        })}
    </span>
  );
}

function Settle({ row, mayAct }: { row: ExchangeRow; mayAct: boolean }) {
  const say = useExchangeWords();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [title, setTitle] = useState('');
  const [due, setDue] = useState('');
  const settle = useMutation({
    mutationFn: (body: object) => call(`/surveillance/exchange/${row.id}/settle`, { method: 'POST', body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['exchange'] }),
  });
  return (
    <div className="stack">
      <Badge tone={row.state === 'new' ? 'warn' : row.state === 'taken' ? 'good' : 'plain'}>
        {say(`row.${row.state}`)}
      </Badge>
      {row.state === 'new' && mayAct && !isOpen && (
        <span className="row">
          {row.kind !== 'event' && (
            <Button size="small" onClick={() => setOpen(true)}>
              {say('take')}
            </Button>
          )}
          <Button
            size="small"
            type="text"
            loading={settle.isPending}
            onClick={() => settle.mutate({ state: 'dismissed' })}
          >
            {say('dismiss')}
          </Button>
        </span>
      )}
      {isOpen && row.state === 'new' && (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            settle.mutate({ state: 'taken', title: title.trim(), due });
          }}
        >
          <TextField label={say('task')} value={title} onChange={setTitle} required />
          <DateField label={say('due')} value={due} onChange={setDue} />
          <Button
            size="small"
            type="primary"
            htmlType="submit"
            disabled={!title.trim() || !due}
            loading={settle.isPending}
          >
            {say('confirm')}
          </Button>
        </form>
      )}
      {settle.isError && <Failure failure={settle.error} />}
    </div>
  );
}
