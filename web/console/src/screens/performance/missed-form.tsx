import type { RuleList } from '@hutong/contract/watch.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { call } from '../../app/api.ts';
import { useFormat } from '../../app/format.ts';
import { DateField, SelectField, TextField } from '../../parts/fields.tsx';
import { Failure } from '../../parts/states.tsx';
import { usePerformanceWords } from './words.ts';

const empty = { disease: '', area: '', from: '', note: '' };

/** Notes an outbreak that no signal found. */
export function MissedForm() {
  const say = usePerformanceWords();
  const { pick } = useFormat();
  const queries = useQueryClient();
  const [form, setForm] = useState(empty);
  const { data } = useQuery({
    queryKey: ['rules'],
    queryFn: ({ signal }) => call<RuleList>('/surveillance/rules', { signal }),
  });
  const save = useMutation({
    mutationFn: () => call('/surveillance/missed-outbreaks', { method: 'POST', body: form }),
    onSuccess: async () => {
      setForm(empty);
      await queries.invalidateQueries({ queryKey: ['performance'] });
    },
  });
  const set = (change: Partial<typeof empty>): void => setForm({ ...form, ...change });
  const choose = { value: '', label: say('choose') };
  return (
    <details className="watch-fold">
      <summary>{say('add')}</summary>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <SelectField
          label={say('disease')}
          required
          value={form.disease}
          choices={[
            choose,
            ...(data?.topics ?? [])
              .filter(({ channel }) => channel === 'cases')
              .map((topic) => ({ value: topic.code, label: pick(topic) })),
          ]}
          onChange={(disease) => set({ disease })}
        />
        <SelectField
          label={say('area')}
          required
          value={form.area}
          choices={[
            choose,
            ...(data?.areas ?? [])
              .filter(({ code }) => code !== '*')
              .map((area) => ({ value: area.code, label: pick(area) })),
          ]}
          onChange={(area) => set({ area })}
        />
        <DateField label={say('began')} value={form.from} onChange={(from) => set({ from })} />
        <TextField label={say('note')} required value={form.note} onChange={(note) => set({ note })} />
        <Button
          type="primary"
          htmlType="submit"
          loading={save.isPending}
          disabled={!form.disease || !form.area || !form.from || form.note.trim().length < 4}
        >
          {say('save')}
        </Button>
      </form>
      {save.isError && <Failure failure={save.error} />}
    </details>
  );
}
