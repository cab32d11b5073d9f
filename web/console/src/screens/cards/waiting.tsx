import type { CardState, WaitingCards } from '@hutong/contract/health-code.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { call } from '../../app/api.ts';
import { moment } from '../../app/format.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Blank, Failure, Loading } from '../../parts/states.tsx';
import { useCardWords } from './words.ts';

type Item = WaitingCards['items'][0];

export function Waiting() {
  const say = useCardWords();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: ['cards-waiting'],
    queryFn: ({ signal }) => call<WaitingCards>('/card-centre/waiting', { signal }),
  });
  const review = useMutation({
    mutationFn: async ({ item, outcome }: { item: Item; outcome: 'approve' | 'reject' }) => {
      const { state } = await call<{ state: CardState }>('/card-centre/review', {
        method: 'POST',
        body: { cardId: item.cardId, outcome },
      });
      return { name: item.name, state };
    },
    retry: false,
    onSettled: () => void client.invalidateQueries({ queryKey: ['cards-waiting'] }),
  });
  const columns: Column<Item>[] = [
    { key: 'name', title: say('name'), isRowName: true, cell: ({ name }) => name },
    { key: 'document', title: say('document'), cell: ({ documentNumber }) => documentNumber },
    { key: 'known', title: say('knownAs'), cell: ({ knownAs }) => knownAs.join('、') || say('unknown') },
    { key: 'since', title: say('since'), cell: ({ madeAt }) => moment(madeAt) },
    {
      key: 'decide',
      title: say('decide'),
      cell: (item) =>
        item.mayReview ? (
          <span className="card-actions">
            <Button disabled={review.isPending} onClick={() => review.mutate({ item, outcome: 'approve' })}>
              {say('approve')}
              <span className="unseen"> {item.name}</span>
            </Button>
            <Button danger disabled={review.isPending} onClick={() => review.mutate({ item, outcome: 'reject' })}>
              {say('reject')}
              <span className="unseen"> {item.name}</span>
            </Button>
          </span>
        ) : (
          <span className="quiet">{say('ownWork')}</span>
        ),
    },
  ];
  return (
    <section className="panel card-wide" aria-labelledby="card-waiting">
      <h2 id="card-waiting">{say('waiting')}</h2>
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={3} />}
      {data && data.items.length === 0 && <Blank title={say('waitingNone')}>{say('waitingNext')}</Blank>}
      {data && data.items.length > 0 && (
        <DataTable caption={say('waiting')} columns={columns} rows={data.items} rowKey={({ cardId }) => cardId} />
      )}
      {review.isError && <Failure failure={review.error} />}
      <p role="status">
        {review.isSuccess && say('decided', { name: review.data.name, state: say(`state.${review.data.state}`) })}
      </p>
    </section>
  );
}
