import type { KeyItem, TaskView } from '@hutong/contract/surveillance.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { call } from '../../app/api.ts';
import { Badge } from '../../parts/badge.tsx';
import { DateField, TextField } from '../../parts/fields.tsx';
import { Failure } from '../../parts/states.tsx';
import { useFollowUpWords } from './words.ts';

const tone = (task: TaskView) =>
  task.overdue ? 'bad' : task.state === 'open' ? 'warn' : task.state === 'done' ? 'good' : 'plain';

/** The tasks of one entry: finish one with its result, add another, close the entry. */
export function Tasks({ item }: { item: KeyItem }) {
  const say = useFollowUpWords();
  const queries = useQueryClient();
  const [open, setOpen] = useState<string | null>(null);
  const [result, setResult] = useState('');
  const [title, setTitle] = useState('');
  const [due, setDue] = useState('');
  const act = useMutation({
    mutationFn: ({ path, body }: { path: string; body: object }) =>
      call(`/surveillance/key-items/${item.id}/${path}`, { method: 'POST', body }),
    onSuccess: async () => {
      setOpen(null);
      setResult('');
      setTitle('');
      await queries.invalidateQueries({ queryKey: ['key-items'] });
    },
  });
  return (
    <div className="tasks">
      <ul>
        {item.tasks.map((task) => (
          <li key={task.id}>
            <Badge tone={tone(task)}>{say(task.overdue ? 'task.late' : `task.${task.state}`)}</Badge> {task.title}{' '}
            <small>{task.state === 'done' ? (task.result ?? '') : say('due', { day: task.due })}</small>
            {task.state === 'open' && open !== task.id && (
              <Button size="small" onClick={() => setOpen(task.id)}>
                {say('finish')}
              </Button>
            )}
            {open === task.id && (
              <form
                className="row"
                onSubmit={(event) => {
                  event.preventDefault();
                  act.mutate({ path: `tasks/${task.id}/done`, body: { result: result.trim() } });
                }}
              >
                <TextField label={say('result')} value={result} onChange={setResult} required />
                <Button size="small" htmlType="submit" type="primary" loading={act.isPending} disabled={!result.trim()}>
                  {say('finish')}
                </Button>
              </form>
            )}
          </li>
        ))}
      </ul>
      {item.state === 'open' && open === 'new' && (
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            act.mutate({ path: 'tasks', body: { title: title.trim(), due } });
          }}
        >
          <TextField label={say('taskTitle')} value={title} onChange={setTitle} required />
          <DateField label={say('taskDue')} value={due} onChange={setDue} />
          <Button
            size="small"
            htmlType="submit"
            type="primary"
            loading={act.isPending}
            disabled={!title.trim() || !due}
          >
            {say('addTask')}
          </Button>
        </form>
      )}
      {item.state === 'open' && (
        <div className="row">
          {open !== 'new' && (
            <Button size="small" onClick={() => setOpen('new')}>
              {say('addTask')}
            </Button>
          )}
          <Button size="small" loading={act.isPending} onClick={() => act.mutate({ path: 'close', body: {} })}>
            {say('close')}
          </Button>
        </div>
      )}
      {act.isError && <Failure failure={act.error} />}
    </div>
  );
}
