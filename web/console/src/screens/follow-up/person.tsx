import type { ContactPerson } from '@hutong/contract/surveillance.ts';
import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { call } from '../../app/api.ts';
import { Failure } from '../../parts/states.tsx';
import { useFollowUpWords } from './words.ts';

/** Opens one person's name and telephone when asked, and only then: each opening is recorded. */
export function Person({ path }: { path: string }) {
  const say = useFollowUpWords();
  const person = useMutation({ mutationFn: () => call<ContactPerson>(path) });
  if (person.isError) return <Failure failure={person.error} />;
  if (person.data)
    return (
      <small>
        {say('person', {
          name: person.data.name,
          phone: person.data.phone ?? '—',
          number: person.data.number ?? '—',
        })}
      </small>
    );
  return (
    <Button size="small" loading={person.isPending} onClick={() => person.mutate()}>
      {say('showPerson')}
    </Button>
  );
}
