import type { SignalAct, SignalDetail } from '@hutong/contract/surveillance.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { call } from '../../app/api.ts';
import { SelectField, TextAreaField } from '../../parts/fields.tsx';
import { Failure } from '../../parts/states.tsx';
import { sayCode, useSurveillanceWords } from './words.ts';

/** The steps that are possible now; each but the first needs a reason of the list. */
export function SignalActs({ signal }: { signal: SignalDetail }) {
  const say = useSurveillanceWords();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<SignalAct | null>(null);
  const [reason, setReason] = useState('');
  const [note, setNote] = useState('');
  const act = useMutation({
    mutationFn: (name: SignalAct) =>
      call(`/surveillance/signals/${signal.id}/act`, {
        method: 'POST',
        body: {
          act: name,
          version: signal.version,
          ...(reason && { reason }),
          ...(note.trim() && { note: note.trim() }),
        },
      }),
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: ['signal', signal.id] });
      await queries.invalidateQueries({ queryKey: ['signals'] });
    },
    onSuccess: () => {
      setChosen(null);
      setReason('');
      setNote('');
    },
  });
  const reasons = signal.may.find((step) => step.act === chosen)?.reasons ?? [];
  const choose = (name: SignalAct): void => {
    if (name === 'acknowledge') act.mutate(name);
    else {
      setReason('');
      setChosen(name);
    }
  };
  return (
    <section className="panel acts">
      <h2>{say('doNow')}</h2>
      {signal.may.length === 0 && <p className="quiet">{say('nothingToDo')}</p>}
      <div className="row">
        {signal.may.map((step) => (
          <Button
            key={step.act}
            type={step.act === 'exclude' ? 'default' : 'primary'}
            loading={act.isPending && chosen === null}
            aria-pressed={chosen === step.act}
            onClick={() => choose(step.act)}
          >
            {say(`act.${step.act}`)}
          </Button>
        ))}
      </div>
      {chosen && (
        <form
          className="stack"
          style={{ marginTop: '0.9rem' }}
          onSubmit={(event) => {
            event.preventDefault();
            act.mutate(chosen);
          }}
        >
          <SelectField
            label={say('reason')}
            required
            value={reason}
            onChange={setReason}
            choices={[
              { value: '', label: say('chooseReason') },
              ...reasons.map((value) => ({ value, label: sayCode(say, `reason.${value}`) })),
            ]}
          />
          <TextAreaField label={say('note')} value={note} onChange={setNote} rows={2} />
          <div className="row">
            <Button type="primary" htmlType="submit" disabled={reason === ''} loading={act.isPending}>
              {say('confirmAct')}
            </Button>
            <Button onClick={() => setChosen(null)}>{say('cancel')}</Button>
          </div>
        </form>
      )}
      {act.isError && <Failure failure={act.error} />}
    </section>
  );
}
