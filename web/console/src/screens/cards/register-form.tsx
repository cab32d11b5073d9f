import type { CardRegistration, CardState } from '@hutong/contract/health-code.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { type FormEvent, useState } from 'react';
import { call } from '../../app/api.ts';
import type { Tone } from '../../app/theme.ts';
import { Badge } from '../../parts/badge.tsx';
import { SelectField, TextField } from '../../parts/fields.tsx';
import { Failure } from '../../parts/states.tsx';
import { useCardWords } from './words.ts';

const types = ['01', '02', '03', '06', '07', '99'] as const;
export const stateTones: Record<CardState, Tone> = {
  0: 'plain',
  1: 'good',
  2: 'warn',
  3: 'bad',
  4: 'info',
  5: 'plain',
};

export function RegisterForm() {
  const say = useCardWords();
  const client = useQueryClient();
  const [type, setType] = useState<(typeof types)[number]>('01');
  const [number, setNumber] = useState('');
  const [name, setName] = useState('');
  const [phone, setPhone] = useState('');
  const register = useMutation({
    mutationFn: () =>
      call<{ cardId: string; state: CardState }>('/card-centre/register', {
        method: 'POST',
        body: {
          documentType: type,
          documentNumber: number.trim(),
          name: name.trim(),
          ...(phone.trim() && { phone: phone.trim() }),
        } satisfies CardRegistration,
      }),
    retry: false,
    onSuccess: () => {
      setNumber('');
      setName('');
      setPhone('');
      void client.invalidateQueries({ queryKey: ['cards-waiting'] });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (number.trim() && name.trim() && !register.isPending) register.mutate();
  };
  return (
    <section className="panel" aria-labelledby="card-register">
      <h2 id="card-register">{say('register')}</h2>
      <form onSubmit={submit}>
        <SelectField
          label={say('documentType')}
          value={type}
          choices={types.map((value) => ({ value, label: say(`type.${value}`) }))}
          onChange={(value) => setType(value as typeof type)}
        />
        <TextField label={say('documentNumber')} value={number} onChange={setNumber} required isPageSearch />
        <TextField label={say('name')} value={name} onChange={setName} required />
        <TextField label={say('phone')} value={phone} onChange={setPhone} />
        <div>
          <Button type="primary" htmlType="submit" loading={register.isPending}>
            {say('submit')}
          </Button>
        </div>
      </form>
      {register.isError && <Failure failure={register.error} />}
      <div role="status">
        {register.isSuccess && (
          <>
            <p>
              <Badge tone={stateTones[register.data.state]}>{say(`state.${register.data.state}`)}</Badge>
            </p>
            <p className="card-id">
              {say('cardId')} <code>{register.data.cardId}</code>
            </p>
            {register.data.state === 2 && <p>{say('waitsHint')}</p>}
          </>
        )}
      </div>
    </section>
  );
}
