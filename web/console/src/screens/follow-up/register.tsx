import type { KeyItemPage, KeyKind } from '@hutong/contract/surveillance.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { call } from '../../app/api.ts';
import { useFormat } from '../../app/format.ts';
import { DateField, SelectField, TextField } from '../../parts/fields.tsx';
import { Failure } from '../../parts/states.tsx';
import { useFollowUpWords } from './words.ts';

export const keyKinds: KeyKind[] = ['person', 'place', 'thing'];
const blank = { category: '', name: '', phone: '', number: '', area: '', reason: '', title: '', due: '' };

/** A new entry with its first task. */
export function Register({ categories }: { categories: KeyItemPage['categories'] }) {
  const say = useFollowUpWords();
  const { pick } = useFormat();
  const queries = useQueryClient();
  const [kind, setKind] = useState<KeyKind>('place');
  const [given, setGiven] = useState(blank);
  const set = (key: keyof typeof blank) => (value: string) => setGiven({ ...given, [key]: value });
  const add = useMutation({
    mutationFn: () => {
      const { phone, number, ...rest } = given;
      return call('/surveillance/key-items', {
        method: 'POST',
        body: { ...rest, kind, ...(kind === 'person' && { phone: phone || null, number: number || null }) },
      });
    },
    onSuccess: async () => {
      setGiven(blank);
      await queries.invalidateQueries({ queryKey: ['key-items'] });
    },
  });
  const { category, name, area, reason, title, due } = given;
  const whole = [category, name, area, reason, title, due].every((value) => value.trim() !== '');
  return (
    <form
      className="panel stack section-below"
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <h2>{say('registerTitle')}</h2>
      <div className="form-grid">
        <SelectField
          label={say('kind')}
          value={kind}
          onChange={(value) => {
            setKind(value as KeyKind);
            setGiven({ ...given, category: '' });
          }}
          choices={keyKinds.map((value) => ({ value, label: say(`kind.${value}`) }))}
        />
        <SelectField
          label={say('category')}
          value={category}
          onChange={set('category')}
          choices={[
            { value: '', label: say('choose') },
            ...categories[kind].map((row) => ({ value: row.code, label: pick(row) })),
          ]}
        />
        <TextField label={say('name')} value={name} onChange={set('name')} />
        {kind === 'person' && (
          <>
            <TextField label={say('phone')} value={given.phone} onChange={set('phone')} />
            <TextField label={say('number')} value={given.number} onChange={set('number')} />
          </>
        )}
        <TextField label={say('areaCode')} value={area} onChange={set('area')} />
        <TextField label={say('reason')} value={reason} onChange={set('reason')} />
        <TextField label={say('taskTitle')} value={title} onChange={set('title')} />
        <DateField label={say('taskDue')} value={due} onChange={set('due')} />
      </div>
      {add.isError && <Failure failure={add.error} />}
      <div>
        <Button type="primary" htmlType="submit" disabled={!whole} loading={add.isPending}>
          {say('register')}
        </Button>
      </div>
    </form>
  );
}
