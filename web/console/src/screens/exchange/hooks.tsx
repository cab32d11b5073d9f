import type { Hook, HookMade, HookPage, NotifyEvent } from '@hutong/contract/surveillance.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { call } from '../../app/api.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { TextField } from '../../parts/fields.tsx';
import { Failure } from '../../parts/states.tsx';
import { useExchangeWords } from './words.ts';

/** Webhooks: who is told of what, and whether it arrives. */
export function Hooks() {
  const say = useExchangeWords();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [area, setArea] = useState('');
  const [events, setEvents] = useState<NotifyEvent[]>(['signal-formed']);
  const { data } = useQuery({
    queryKey: ['hooks'],
    queryFn: ({ signal }) => call<HookPage>('/surveillance/hooks', { signal }),
  });
  const renew = (): Promise<void> => queries.invalidateQueries({ queryKey: ['hooks'] });
  const add = useMutation({
    mutationFn: () =>
      call<HookMade>('/surveillance/hooks', { method: 'POST', body: { name, url, events, area: area || null } }),
    onSuccess: renew,
  });
  const toggle = useMutation({
    mutationFn: ({ id, active }: Hook) =>
      call(`/surveillance/hooks/${id}/active`, { method: 'POST', body: { active: !active } }),
    onSuccess: renew,
  });
  return (
    <section className="panel stack section-below">
      <h2>{say('hooks')}</h2>
      <p className="quiet small">{say('hooksLead')}</p>
      {data && (
        <p>{data.allowed.length > 0 ? say('allowed', { list: data.allowed.join(', ') }) : say('noneAllowed')}</p>
      )}
      {data && data.items.length > 0 && (
        <DataTable
          dense
          caption={say('hooks')}
          rows={data.items}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'name',
              title: say('hookName'),
              isRowName: true,
              cell: (row) => (
                <>
                  {row.name}
                  <small>{row.url}</small>
                </>
              ),
            },
            {
              key: 'events',
              title: say('events'),
              cell: (row) => row.events.map((event) => say(`event.${event}`)).join(' · '),
            },
            {
              key: 'state',
              title: say('state'),
              cell: (row) =>
                say('deliveries', { waiting: row.waiting, failed: row.failed, status: row.lastStatus ?? say('never') }),
            },
            {
              key: 'active',
              title: say('direction'),
              cell: (row) => (
                <Button size="small" loading={toggle.isPending} onClick={() => toggle.mutate(row)}>
                  {say(row.active ? 'off' : 'on')}
                </Button>
              ),
            },
          ]}
        />
      )}
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <div className="form-grid">
          <TextField label={say('hookName')} value={name} onChange={setName} />
          <TextField label={say('url')} value={url} onChange={setUrl} />
          <TextField label={say('hookArea')} value={area} onChange={setArea} />
        </div>
        <fieldset className="several">
          <legend>{say('events')}</legend>
          {(data?.events ?? []).map((event) => (
            <label key={event} className="several-one">
              <input
                type="checkbox"
                checked={events.includes(event)}
                onChange={() =>
                  setEvents(events.includes(event) ? events.filter((one) => one !== event) : [...events, event])
                }
              />
              {say(`event.${event}`)}
            </label>
          ))}
        </fieldset>
        {add.isError && <Failure failure={add.error} />}
        {add.data && (
          <p role="status" className="notice tone-info">
            {say('secret', { secret: add.data.secret })}
          </p>
        )}
        <div>
          <Button
            htmlType="submit"
            disabled={!name.trim() || !url.trim() || events.length === 0}
            loading={add.isPending}
          >
            {say('addHook')}
          </Button>
        </div>
      </form>
    </section>
  );
}
