import type { BackTest, RuleMethod, RulePage, RuleScope, RuleSettings } from '@hutong/contract/watch.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { call } from '../../app/api.ts';
import { SelectField, TextField } from '../../parts/fields.tsx';
import { Failure } from '../../parts/states.tsx';
import type { Tried } from './rules.tsx';
import { useRuleWords } from './words.ts';

type Knob = 'alpha' | 'percentile' | 'years' | 'cases';
/** What each method can be set to, with what it begins with; the server checks again. */
const knobs: Record<RuleMethod, Partial<Record<Knob, string>>> = {
  'seasonal-regression': { alpha: '0.01', years: '10' },
  'farrington-flexible': { alpha: '0.01', years: '5' },
  'ears-c1': { alpha: '0.01' },
  'ears-c2': { alpha: '0.01' },
  'ears-c3': {},
  bayes: { alpha: '0.01' },
  rki: {},
  'moving-percentile': { percentile: '0.8', years: '3' },
  'fixed-threshold': { cases: '3' },
};

const startOf = (
  settings: RuleSettings | null,
): { method: RuleMethod; fewest: string } & Partial<Record<Knob, string>> =>
  settings
    ? {
        method: settings.method,
        fewest: String(settings.fewest),
        ...Object.fromEntries(
          (['alpha', 'percentile', 'years', 'cases'] as const).flatMap((knob) =>
            settings[knob] === undefined ? [] : [[knob, String(settings[knob])]],
          ),
        ),
      }
    : { method: 'seasonal-regression', fewest: '3', ...knobs['seasonal-regression'] };

/** Method and thresholds, tried on the past, then kept. */
export function RuleForm({
  scope,
  methods,
  start,
  onTried,
}: {
  scope: RuleScope;
  methods: RuleMethod[];
  start: RuleSettings | null;
  onTried: (tried: Tried) => void;
}) {
  const say = useRuleWords();
  const queries = useQueryClient();
  const [form, setForm] = useState(() => startOf(start));
  const [years, setYears] = useState('2');
  const [note, setNote] = useState('');
  const set = (change: Partial<typeof form>): void => setForm({ ...form, ...change });
  const offered = knobs[form.method];
  const settings: RuleSettings = {
    method: form.method,
    fewest: Number(form.fewest),
    ...Object.fromEntries((Object.keys(offered) as Knob[]).map((knob) => [knob, Number(form[knob] ?? offered[knob])])),
  };
  const body = { ...scope, settings, years: Number(years) };
  const attempt = useMutation({
    mutationFn: () => call<BackTest>('/surveillance/rules/try', { method: 'POST', body }),
    onSuccess: (test) => onTried({ settings, test }),
  });
  const keep = useMutation({
    mutationFn: () =>
      call<RulePage>('/surveillance/rules', {
        method: 'POST',
        body: { ...body, ...(note.trim() && { note: note.trim() }) },
      }),
    onSuccess: async () => {
      setNote('');
      await queries.invalidateQueries({ queryKey: ['rule'] });
      await queries.invalidateQueries({ queryKey: ['rules'] });
    },
  });
  const knobField = (knob: Knob, label: string, hint: string) =>
    offered[knob] !== undefined && (
      <TextField
        label={label}
        hint={hint}
        value={form[knob] ?? offered[knob] ?? ''}
        onChange={(value) => set({ [knob]: value })}
      />
    );
  return (
    <form
      className="panel"
      onSubmit={(event) => {
        event.preventDefault();
        attempt.mutate();
      }}
    >
      <h2>{say('rule')}</h2>
      <div className="rule-fields">
        <SelectField
          label={say('method')}
          value={form.method}
          choices={methods.map((method) => ({ value: method, label: say(`method.${method}`) }))}
          onChange={(method) =>
            setForm({ method: method as RuleMethod, fewest: form.fewest, ...knobs[method as RuleMethod] })
          }
        />
        {knobField('alpha', say('alpha'), say('alphaHint'))}
        {knobField('percentile', say('percentile'), say('percentileHint'))}
        {knobField('years', say('years'), say('yearsHint'))}
        {knobField('cases', say('casesField'), say('casesHint'))}
        <TextField
          label={say('fewest')}
          hint={say('fewestHint')}
          value={form.fewest}
          onChange={(fewest) => set({ fewest })}
        />
        <SelectField
          label={say('past')}
          value={years}
          choices={['1', '2', '3', '5'].map((value) => ({ value, label: say('pastYears', { count: value }) }))}
          onChange={setYears}
        />
        <TextField label={say('note')} value={note} onChange={setNote} />
      </div>
      <div className="row">
        <Button type="primary" htmlType="submit" loading={attempt.isPending}>
          {attempt.isPending ? say('trying') : say('try')}
        </Button>
        <Button loading={keep.isPending} onClick={() => keep.mutate()}>
          {say('keep')}
        </Button>
      </div>
      {attempt.isError && <Failure failure={attempt.error} />}
      {keep.isError && <Failure failure={keep.error} />}
    </form>
  );
}
