import type { ChannelHealth, CountAgreement } from '@hutong/contract/surveillance.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { call } from '../../app/api.ts';
import { useFormat } from '../../app/format.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { DateField, SelectField, TextField } from '../../parts/fields.tsx';
import { Failure } from '../../parts/states.tsx';
import { useSurveillanceWords } from './words.ts';

const blank = { id: '', client: '', purpose: '', validFrom: '', validTo: '' };

/** Under which agreement a department may send the counts of a channel, and the form that registers or prolongs one. */
export function CountAgreements({ channels }: { channels: ChannelHealth[] }) {
  const say = useSurveillanceWords();
  const { pick } = useFormat();
  const queries = useQueryClient();
  const outside = channels.filter(({ kind }) => kind === 'outside');
  const [given, setGiven] = useState(blank);
  const [channel, setChannel] = useState(outside[0]?.code ?? '');
  const set = (key: keyof typeof blank) => (value: string) => setGiven({ ...given, [key]: value });
  const { data, error } = useQuery({
    queryKey: ['count-agreements'],
    queryFn: ({ signal }) => call<{ items: CountAgreement[] }>('/surveillance/agreements', { signal }),
  });
  const save = useMutation({
    mutationFn: () =>
      call('/surveillance/agreements', { method: 'POST', body: { ...given, channel, validTo: given.validTo || null } }),
    onSuccess: async () => {
      setGiven(blank);
      await queries.invalidateQueries({ queryKey: ['count-agreements'] });
      await queries.invalidateQueries({ queryKey: ['channels'] });
    },
  });
  const { id, client, purpose, validFrom, validTo } = given;
  const isWhole = [id, client, purpose, validFrom].every((value) => value.trim() !== '');
  return (
    <section className="watch-section">
      <h2>{say('agreements')}</h2>
      <p className="quiet small">{say('agreementsNote')}</p>
      {error && <Failure failure={error} />}
      {data && data.items.length > 0 && (
        <DataTable
          dense
          caption={say('agreements')}
          rows={data.items}
          rowKey={(row) => row.id}
          columns={[
            { key: 'id', title: say('agreementId'), isRowName: true, cell: (row) => row.id },
            {
              key: 'channel',
              title: say('channel'),
              cell: (row) =>
                pick(outside.find(({ code }) => code === row.channel) ?? { zh: row.channel, en: row.channel }),
            },
            { key: 'client', title: say('client'), cell: (row) => row.client },
            { key: 'purpose', title: say('purpose'), cell: (row) => row.purpose },
            { key: 'valid', title: say('valid'), cell: (row) => `${row.validFrom} – ${row.validTo ?? say('openEnd')}` },
          ]}
        />
      )}
      <form
        className="panel stack section-below"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <h3>{say('agree')}</h3>
        <div className="agreement-fields">
          <TextField label={say('agreementId')} value={id} onChange={set('id')} />
          <SelectField
            label={say('channel')}
            value={channel}
            choices={outside.map((row) => ({ value: row.code, label: pick(row) }))}
            onChange={setChannel}
          />
          <TextField label={say('client')} hint={say('clientHint')} value={client} onChange={set('client')} />
          <TextField label={say('purpose')} value={purpose} onChange={set('purpose')} />
          <DateField label={say('validFrom')} value={validFrom} onChange={set('validFrom')} />
          <DateField label={say('validTo')} value={validTo} onChange={set('validTo')} />
        </div>
        {save.isError && <Failure failure={save.error} />}
        <div>
          <Button type="primary" htmlType="submit" disabled={!isWhole} loading={save.isPending}>
            {say('save')}
          </Button>
        </div>
      </form>
    </section>
  );
}
