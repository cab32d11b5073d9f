import type { CardBatchAnswer, CardRegistration } from '@hutong/contract/health-code.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { type FormEvent, useState } from 'react';
import { call } from '../../app/api.ts';
import { useFormat } from '../../app/format.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { TextAreaField } from '../../parts/fields.tsx';
import { Failure } from '../../parts/states.tsx';
import { readPeople } from './read-people.ts';
import { stateTones } from './register-form.tsx';
import { useCardWords } from './words.ts';

type Done = { person: CardRegistration; answer: CardBatchAnswer['items'][0]; line: number };

export function BatchForm() {
  const say = useCardWords();
  const { pick } = useFormat();
  const client = useQueryClient();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const batch = useMutation({
    mutationFn: async (people: CardRegistration[]): Promise<Done[]> => {
      const { items } = await call<CardBatchAnswer>('/card-centre/register-batch', {
        method: 'POST',
        body: { people },
      });
      return people.map((person, at) => ({ person, answer: items[at] as Done['answer'], line: at + 1 }));
    },
    retry: false,
    onSuccess: () => void client.invalidateQueries({ queryKey: ['cards-waiting'] }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const read = readPeople(text);
    const bad = 'line' in read ? say(read.line > 100 ? 'batchMany' : 'batchBad', { line: read.line }) : '';
    setProblem(bad);
    if ('people' in read && read.people.length > 0 && !batch.isPending) batch.mutate(read.people);
  };
  return (
    <section className="panel card-wide" aria-labelledby="card-batch">
      <h2 id="card-batch">{say('batch')}</h2>
      <form onSubmit={submit}>
        <TextAreaField
          label={say('batchField')}
          hint={say('batchHint')}
          value={text}
          onChange={setText}
          rows={6}
          code
        />
        {problem && <p role="alert">{problem}</p>}
        <div>
          <Button type="primary" htmlType="submit" loading={batch.isPending}>
            {say('batchSubmit')}
          </Button>
        </div>
      </form>
      {batch.isError && <Failure failure={batch.error} />}
      {batch.isSuccess && (
        <DataTable
          caption={say('batch')}
          rows={batch.data}
          rowKey={({ line }) => String(line)}
          columns={[
            { key: 'line', title: say('line'), cell: ({ line }) => line },
            { key: 'name', title: say('name'), isRowName: true, cell: ({ person }) => person.name },
            {
              key: 'outcome',
              title: say('outcome'),
              cell: ({ answer }) =>
                'state' in answer ? (
                  <Badge tone={stateTones[answer.state]}>{say(`state.${answer.state}`)}</Badge>
                ) : (
                  <Badge tone="bad">{pick(answer)}</Badge>
                ),
            },
          ]}
        />
      )}
    </section>
  );
}
