import type { CardDetail } from '@hutong/contract/surveillance.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { call } from '../../app/api.ts';
import { useFormat } from '../../app/format.ts';
import { SelectField, TextAreaField, TextField } from '../../parts/fields.tsx';
import { Failure } from '../../parts/states.tsx';
import { sayCode, useSurveillanceWords } from './words.ts';

/** The doctor fills what is missing and reports, or says why it is no case; the CDC approves or returns. */
export function CardActs({ card }: { card: CardDetail }) {
  const say = useSurveillanceWords();
  const { pick } = useFormat();
  const queries = useQueryClient();
  const [given, setGiven] = useState<Record<string, string>>({});
  const [reason, setReason] = useState('');
  const [note, setNote] = useState('');
  const act = useMutation({
    mutationFn: ({ path, body }: { path: string; body: object }) =>
      call(`/surveillance/cards/${card.id}/${path}`, {
        method: 'POST',
        body: { ...body, ...(note.trim() && { note: note.trim() }) },
      }),
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: ['report-card', card.id] });
      await queries.invalidateQueries({ queryKey: ['report-cards'] });
    },
  });
  const missing = card.fields.filter((field) => field.required && field.from !== 'record');
  const fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value.trim() !== ''));
  const reasons = card.may.review ? card.returnReasons : card.rejectReasons;
  if (!card.may.confirm && !card.may.reject && !card.may.review)
    return (
      <section className="panel">
        <h2>{say('doNow')}</h2>
        <p className="quiet">{say('closedCard')}</p>
      </section>
    );
  return (
    <section className="panel stack">
      <h2>{say(card.may.review ? 'reviewNote' : 'decide')}</h2>
      {card.may.confirm && (
        <>
          <p className="quiet small">{say('decideHint')}</p>
          {missing.map((field) => (
            <TextField
              key={field.key}
              label={pick(field)}
              value={given[field.key] ?? field.value ?? ''}
              onChange={(value) => setGiven({ ...given, [field.key]: value })}
            />
          ))}
        </>
      )}
      <TextAreaField label={say('note')} value={note} onChange={setNote} rows={2} />
      <div className="row">
        {card.may.confirm && (
          <Button
            type="primary"
            loading={act.isPending}
            onClick={() => act.mutate({ path: 'confirm', body: { fields } })}
          >
            {say('report')}
          </Button>
        )}
        {card.may.review && (
          <Button
            type="primary"
            loading={act.isPending}
            onClick={() => act.mutate({ path: 'review', body: { outcome: 'approve' } })}
          >
            {say('approve')}
          </Button>
        )}
      </div>
      <SelectField
        label={say('reason')}
        value={reason}
        onChange={setReason}
        choices={[
          { value: '', label: say('chooseReason') },
          ...reasons.map((value) => ({ value, label: sayCode(say, `reason.${value}`) })),
        ]}
      />
      <div className="row">
        <Button
          disabled={reason === ''}
          loading={act.isPending}
          onClick={() =>
            act.mutate(
              card.may.review
                ? { path: 'review', body: { outcome: 'return', reason } }
                : { path: 'reject', body: { reason } },
            )
          }
        >
          {say(card.may.review ? 'giveBack' : 'notACase')}
        </Button>
      </div>
      {act.isError && <Failure failure={act.error} />}
    </section>
  );
}
