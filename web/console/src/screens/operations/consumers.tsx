import type { Operations } from '@hutong/contract/console.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { call } from '../../app/api.ts';
import { moment, useFormat } from '../../app/format.ts';
import { useMay } from '../../app/session.ts';
import type { Tone } from '../../app/theme.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { SelectField } from '../../parts/fields.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { useOperationWords } from './words.ts';

type Consumer = Operations['consumers'][number];
type DeadLetter = { consumer: string; position: string; error: string; at: string; tries: number };
type From = 'start' | 'dead-letters';
const tones: Record<Consumer['state'], Tone> = { running: 'good', retrying: 'warn', stopped: 'bad' };

function DeadLetters({ isPaused }: { isPaused: boolean }) {
  const say = useOperationWords();
  const { number } = useFormat();
  const { data, error, refetch } = useQuery({
    queryKey: ['dead-letters'],
    queryFn: ({ signal }) => call<{ items: DeadLetter[] }>('/operations/dead-letters', { signal }),
    refetchInterval: isPaused ? false : 5_000,
  });
  return (
    <section aria-labelledby="dead-title">
      <h2 id="dead-title" className="panel-title">
        {say('deadLetters')}
      </h2>
      {error && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={2} />}
      {data?.items.length === 0 && <p className="quiet">{say('noDead')}</p>}
      {data && data.items.length > 0 && (
        <>
          <p className="quiet small">{say('deadHint')}</p>
          <DataTable
            dense
            caption={say('deadLetters')}
            rows={data.items}
            rowKey={(row) => `${row.consumer} ${row.position}`}
            columns={[
              { key: 'consumer', title: say('consumer'), isRowName: true, cell: (row) => <code>{row.consumer}</code> },
              { key: 'position', title: say('position'), cell: (row) => <code>{row.position}</code> },
              { key: 'error', title: say('error'), cell: (row) => row.error },
              { key: 'tries', title: say('tries'), align: 'right', cell: (row) => number(row.tries) },
              { key: 'at', title: say('at'), cell: (row) => moment(row.at) },
            ]}
          />
        </>
      )}
    </section>
  );
}

export function Consumers({ consumers, isPaused }: { consumers: Operations['consumers']; isPaused: boolean }) {
  const say = useOperationWords();
  const { number, ago } = useFormat();
  const queries = useQueryClient();
  const mayAct = useMay()('operations.act');
  const [asking, setAsking] = useState<string | null>(null);
  const [from, setFrom] = useState<From>('dead-letters');
  const replay = useMutation({
    mutationFn: ({ name, start }: { name: string; start: From }) =>
      call(`/operations/consumers/${encodeURIComponent(name)}/replay`, { method: 'POST', body: { from: start } }),
    onSettled: () => {
      setAsking(null);
      void queries.invalidateQueries({ queryKey: ['operations'] });
      void queries.invalidateQueries({ queryKey: ['dead-letters'] });
    },
  });
  return (
    <>
      <section aria-labelledby="consumers-title">
        <h2 id="consumers-title" className="panel-title">
          {say('consumers')}
        </h2>
        {consumers.length === 0 ? (
          <p className="quiet">{say('noConsumers')}</p>
        ) : (
          <DataTable
            dense
            caption={say('consumers')}
            rows={consumers}
            rowKey={(row) => row.name}
            columns={[
              { key: 'name', title: say('name'), isRowName: true, cell: (row) => <code>{row.name}</code> },
              {
                key: 'state',
                title: say('state'),
                cell: (row) => <Badge tone={tones[row.state]}>{say(`state.${row.state}`)}</Badge>,
              },
              { key: 'position', title: say('position'), cell: (row) => <code>{row.position}</code> },
              { key: 'lag', title: say('lag'), align: 'right', cell: (row) => number(row.lag) },
              { key: 'dead', title: say('dead'), align: 'right', cell: (row) => number(row.deadLetters) },
              { key: 'last', title: say('last'), cell: (row) => (row.lastAt ? ago(row.lastAt) : '—') },
              ...(mayAct
                ? [
                    {
                      key: 'act',
                      title: say('action'),
                      cell: (row: Consumer) => (
                        <Button
                          size="small"
                          aria-label={say('replayOf', { name: row.name })}
                          onClick={() => {
                            setFrom(row.deadLetters > 0 ? 'dead-letters' : 'start');
                            setAsking(row.name);
                          }}
                        >
                          {say('replay')}
                        </Button>
                      ),
                    },
                  ]
                : []),
            ]}
          />
        )}
        <div role="status">
          {replay.isSuccess && (
            <p className="notice tone-good" style={{ marginTop: '0.8rem' }}>
              {say('replayed', { name: replay.variables.name })}
            </p>
          )}
        </div>
        {replay.isError && <Failure failure={replay.error} />}
      </section>
      <DeadLetters isPaused={isPaused} />
      <Modal
        title={say('replayTitle', { name: asking ?? '' })}
        open={asking !== null}
        onCancel={() => setAsking(null)}
        onOk={() => asking && replay.mutate({ name: asking, start: from })}
        okText={say('confirm')}
        cancelText={say('cancel')}
        confirmLoading={replay.isPending}
        closable={{ 'aria-label': say('cancel') }}
      >
        <div className="stack">
          <p>{say('replayText')}</p>
          <SelectField
            label={say('from')}
            value={from}
            onChange={(value) => setFrom(value === 'start' ? 'start' : 'dead-letters')}
            choices={(['dead-letters', 'start'] as const).map((value) => ({ value, label: say(`from.${value}`) }))}
          />
        </div>
      </Modal>
    </>
  );
}
