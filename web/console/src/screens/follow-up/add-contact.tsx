import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { call } from '../../app/api.ts';
import { DateField, TextField } from '../../parts/fields.tsx';
import { Failure } from '../../parts/states.tsx';
import { useFollowUpWords } from './words.ts';

const blank = { name: '', phone: '', number: '', relation: '', setting: '', lastExposure: '' };

export function AddContact({ card }: { card: string }) {
  const say = useFollowUpWords();
  const queries = useQueryClient();
  const [given, setGiven] = useState(blank);
  const set = (key: keyof typeof blank) => (value: string) => setGiven({ ...given, [key]: value });
  const add = useMutation({
    mutationFn: () =>
      call('/surveillance/contacts', {
        method: 'POST',
        body: { ...given, card, phone: given.phone || null, number: given.number || null },
      }),
    onSuccess: async () => {
      setGiven(blank);
      await queries.invalidateQueries({ queryKey: ['contacts'] });
    },
  });
  const whole = [given.name, given.relation, given.setting, given.lastExposure].every((value) => value.trim() !== '');
  return (
    <form
      className="panel stack section-below"
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <h2>{say('addContact')}</h2>
      <div className="form-grid">
        <TextField label={say('name')} value={given.name} onChange={set('name')} />
        <TextField label={say('phone')} value={given.phone} onChange={set('phone')} />
        <TextField label={say('number')} value={given.number} onChange={set('number')} />
        <TextField label={say('relation')} value={given.relation} onChange={set('relation')} />
        <TextField label={say('setting')} value={given.setting} onChange={set('setting')} />
        <DateField label={say('lastExposure')} value={given.lastExposure} onChange={set('lastExposure')} />
      </div>
      {add.isError && <Failure failure={add.error} />}
      <div>
        <Button type="primary" htmlType="submit" disabled={!whole} loading={add.isPending}>
          {say('addContact')}
        </Button>
      </div>
    </form>
  );
}
