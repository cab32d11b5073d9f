import { type FamilyMember, type Relation, relations } from '@hutong/contract/health-code.ts';
import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { type FormEvent, useState } from 'react';
import { call } from '../../app/api.ts';
import { SelectField, TextField } from '../../parts/fields.tsx';
import { Failure } from '../../parts/states.tsx';
import { useCardWords } from './words.ts';

type Deed = 'bind' | 'unbind' | 'list';

export function FamilyForm() {
  const say = useCardWords();
  const [holder, setHolder] = useState('');
  const [person, setPerson] = useState('');
  const [relation, setRelation] = useState<Relation>('parent');
  const work = useMutation({
    mutationFn: async (deed: Deed): Promise<{ deed: Deed; items: FamilyMember[] }> => {
      const key = (text: string): { documentNumber: string } => ({ documentNumber: text.trim() });
      const body =
        deed === 'list'
          ? key(holder)
          : { holder: key(holder), person: key(person), ...(deed === 'bind' && { relation }) };
      const { items = [] } = await call<{ items?: FamilyMember[] }>(`/card-centre/family/${deed}`, {
        method: 'POST',
        body,
      });
      return { deed, items };
    },
    retry: false,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (holder.trim() && person.trim() && !work.isPending) work.mutate('bind');
  };
  const done = work.isSuccess ? work.data : null;
  return (
    <section className="panel" aria-labelledby="card-family">
      <h2 id="card-family">{say('family')}</h2>
      <p className="quiet">{say('familyHint')}</p>
      <form onSubmit={submit}>
        <TextField label={say('holder')} value={holder} onChange={setHolder} required />
        <TextField label={say('person')} value={person} onChange={setPerson} />
        <SelectField
          label={say('relation')}
          value={relation}
          choices={relations.map((value) => ({ value, label: say(`relation.${value}`) }))}
          onChange={(value) => setRelation(value as Relation)}
        />
        <div className="card-actions">
          <Button type="primary" htmlType="submit" loading={work.isPending}>
            {say('bind')}
          </Button>
          <Button disabled={!holder.trim() || !person.trim() || work.isPending} onClick={() => work.mutate('unbind')}>
            {say('unbind')}
          </Button>
          <Button disabled={!holder.trim() || work.isPending} onClick={() => work.mutate('list')}>
            {say('list')}
          </Button>
        </div>
      </form>
      {work.isError && <Failure failure={work.error} />}
      <div role="status">
        {done && done.deed !== 'list' && <p>{say(done.deed === 'bind' ? 'bound' : 'unbound')}</p>}
        {done?.deed === 'list' && (
          <>
            <h3>{say('held')}</h3>
            {done.items.length === 0 && <p>{say('heldNone')}</p>}
            <ul>
              {done.items.map((member) => (
                <li key={`${member.id} ${member.relation}`}>
                  {member.name} · {say(`relation.${member.relation}`)}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </section>
  );
}
