import type { Operations } from '@hutong/contract/console.ts';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { call } from '../../app/api.ts';
import { clock, moment, useFormat } from '../../app/format.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Page } from '../../parts/page.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { AuditSeal } from './audit-seal.tsx';
import { Consumers } from './consumers.tsx';
import './operations.css';
import { useOperationWords } from './words.ts';

function Platform({ state }: { state: Operations }) {
  const say = useOperationWords();
  const { number, ago } = useFormat();
  const { versions, memory, startedAt } = state;
  return (
    <section className="panel" aria-labelledby="platform-title">
      <h2 id="platform-title">{say('platform')}</h2>
      <dl className="pairs">
        <dt>{say('version')}</dt>
        <dd>{versions.hutong}</dd>
        <dt>{say('node')}</dt>
        <dd>{versions.node}</dd>
        <dt>{say('postgresql')}</dt>
        <dd>{versions.postgresql}</dd>
        <dt>{say('schema')}</dt>
        <dd>{number(versions.schema)}</dd>
        <dt>{say('started')}</dt>
        <dd>
          {moment(startedAt)} <span className="quiet">{ago(startedAt)}</span>
        </dd>
        <dt>{say('memory')}</dt>
        <dd>
          <meter
            min={0}
            max={memory.limitMb}
            high={memory.limitMb * 0.85}
            value={memory.rssMb}
            aria-label={say('memory')}
          />{' '}
          {say('memoryOf', { used: number(Math.round(memory.rssMb)), limit: number(memory.limitMb) })}
        </dd>
      </dl>
    </section>
  );
}

function Queues({ queues }: { queues: Operations['queues'] }) {
  const say = useOperationWords();
  const { number, span } = useFormat();
  return (
    <section aria-labelledby="queues-title">
      <h2 id="queues-title" className="panel-title">
        {say('queues')}
      </h2>
      {queues.length === 0 ? (
        <p className="quiet">{say('noQueues')}</p>
      ) : (
        <DataTable
          dense
          caption={say('queues')}
          rows={queues}
          rowKey={(row) => row.name}
          columns={[
            { key: 'name', title: say('name'), isRowName: true, cell: (row) => <code>{row.name}</code> },
            { key: 'waiting', title: say('waiting'), align: 'right', cell: (row) => number(row.waiting) },
            {
              key: 'oldest',
              title: say('oldest'),
              align: 'right',
              cell: (row) => (row.oldestSeconds === null ? '—' : span(row.oldestSeconds)),
            },
            { key: 'rate', title: say('perMinute'), align: 'right', cell: (row) => number(Math.round(row.perMinute)) },
          ]}
        />
      )}
    </section>
  );
}

function Storage({ storage }: { storage: Operations['storage'] }) {
  const say = useOperationWords();
  const { number, bytes } = useFormat();
  const total = storage.reduce((sum, row) => ({ table: '', rows: sum.rows + row.rows, bytes: sum.bytes + row.bytes }), {
    table: '',
    rows: 0,
    bytes: 0,
  });
  const largest = Math.max(1, ...storage.map((row) => row.bytes));
  return (
    <section aria-labelledby="storage-title">
      <h2 id="storage-title" className="panel-title">
        {say('storage')}
      </h2>
      <DataTable
        dense
        caption={say('storage')}
        rows={[...storage.toSorted((one, other) => other.bytes - one.bytes), total]}
        rowKey={(row) => row.table || 'total'}
        columns={[
          {
            key: 'table',
            title: say('table'),
            isRowName: true,
            cell: (row) => (row.table ? <code>{row.table}</code> : say('total')),
          },
          { key: 'rows', title: say('rows'), align: 'right', cell: (row) => number(row.rows) },
          {
            key: 'bytes',
            title: say('size'),
            align: 'right',
            cell: (row) => (
              <span className="storage-size">
                {row.table && (
                  <span
                    className="storage-bar"
                    style={{ inlineSize: `${(row.bytes / largest) * 100}px` }}
                    aria-hidden="true"
                  />
                )}
                {bytes(row.bytes)}
              </span>
            ),
          },
        ]}
      />
    </section>
  );
}

export function OperationsPage() {
  const say = useOperationWords();
  const [isPaused, setPaused] = useState(false);
  const { data, error, refetch, dataUpdatedAt } = useQuery({
    queryKey: ['operations'],
    queryFn: ({ signal }) => call<Operations>('/operations', { signal }),
    refetchInterval: isPaused ? false : 5_000,
  });
  return (
    <Page
      title={say('title')}
      lead={say('lead')}
      actions={
        data && (
          <>
            <span className="quiet small number">
              {say(isPaused ? 'paused' : 'live', { time: clock(dataUpdatedAt) })}
            </span>
            <Button
              size="small"
              aria-pressed={isPaused}
              onClick={() => setPaused(!isPaused)}
              icon={<Icon name={isPaused ? 'arrow' : 'pause'} size={14} />}
            >
              {isPaused ? say('resume') : say('pause')}
            </Button>
          </>
        )
      }
    >
      {error && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={12} />}
      {data && (
        <div className="operations">
          <div className="operations-top">
            <Platform state={data} />
            <AuditSeal audit={data.audit} />
          </div>
          <Consumers consumers={data.consumers} isPaused={isPaused} />
          <div className="operations-top">
            <Queues queues={data.queues} />
            <Storage storage={data.storage} />
          </div>
        </div>
      )}
    </Page>
  );
}
