import type { CardDetail, CardProblem } from '@hutong/contract/surveillance.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { call, Problem } from '../../app/api.ts';
import { useFormat } from '../../app/format.ts';
import { SelectField, TextAreaField } from '../../parts/fields.tsx';
import { Failure } from '../../parts/states.tsx';
import { useSurveillanceWords } from '../surveillance/words.ts';
import { FieldInput } from './field-input.tsx';
import { sayCaseCode, useCaseWords } from './words.ts';

const problemsOf = (error: unknown): CardProblem[] =>
  error instanceof Problem ? ((error.body as { problems?: CardProblem[] } | null)?.problems ?? []) : [];

/** The doctor fills what is missing and reports, says why it is no case, or corrects; county, city and province approve or return. */
export function CardActs({ card }: { card: CardDetail }) {
  const say = useCaseWords();
  const sayShared = useSurveillanceWords();
  const { pick } = useFormat();
  const queries = useQueryClient();
  const [given, setGiven] = useState<Record<string, string>>({});
  const [showsAll, setShowsAll] = useState(false);
  const [reason, setReason] = useState('');
  const [note, setNote] = useState('');
  const act = useMutation({
    mutationFn: ({ path, body }: { path: string; body: object }) =>
      call(`/surveillance/cards/${card.id}/${path}`, {
        method: 'POST',
        body: { ...body, ...(note.trim() && { note: note.trim() }) },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['report-card', card.id] });
      await queries.invalidateQueries({ queryKey: ['report-cards'] });
    },
  });
  const { confirm, correct, review, reject } = card.may;
  if (!confirm && !reject && !review && !correct)
    return (
      <section className="panel">
        <h2>{sayShared('doNow')}</h2>
        <p className="quiet">{say('closedCard')}</p>
      </section>
    );
  const fillable = card.fields.filter(({ kind }) => kind !== 'shown');
  const problems = problemsOf(act.error);
  const named = new Set(problems.map(({ key }) => key));
  const asked = fillable.filter(
    (field) =>
      showsAll || named.has(field.key) || field.key in given || (confirm && field.required && field.from !== 'record'),
  );
  const fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value.trim() !== ''));
  const reasons = review ? card.returnReasons : correct ? card.correctReasons : card.rejectReasons;
  const send = (path: string, body: object): void => act.mutate({ path, body });
  return (
    <section className="panel stack">
      <h2>{say(review ? 'reviewNote' : correct ? 'act.correct' : 'decide')}</h2>
      {(confirm || correct) && (
        <>
          <p className="quiet small">{say(correct ? 'correctNote' : 'decideHint')}</p>
          {asked.map((field) => (
            <FieldInput
              key={field.key}
              field={field}
              value={given[field.key] ?? field.value ?? ''}
              onChange={(value) => setGiven({ ...given, [field.key]: value })}
            />
          ))}
          <label className="check">
            <input type="checkbox" checked={showsAll} onChange={({ target }) => setShowsAll(target.checked)} />
            {say('showAll')}
          </label>
        </>
      )}
      <TextAreaField label={sayShared('note')} value={note} onChange={setNote} rows={2} />
      {problems.length > 0 && (
        <div role="alert" className="notice tone-bad">
          <strong>{say('problems')}</strong>
          <ul>
            {problems.map((problem) => (
              <li key={`${problem.key} ${problem.en}`}>{pick(problem)}</li>
            ))}
          </ul>
        </div>
      )}
      <div className="row">
        {confirm && (
          <Button type="primary" loading={act.isPending} onClick={() => send('confirm', { fields })}>
            {say('report')}
          </Button>
        )}
        {review && (
          <Button type="primary" loading={act.isPending} onClick={() => send('review', { outcome: 'approve' })}>
            {say('approve')}
          </Button>
        )}
      </div>
      <SelectField
        label={sayShared('reason')}
        value={reason}
        onChange={setReason}
        choices={[
          { value: '', label: sayShared('chooseReason') },
          ...reasons.map((value) => ({ value, label: sayCaseCode(say, `reason.${value}`) })),
        ]}
      />
      <div className="row">
        <Button
          disabled={reason === '' || (correct && !review && Object.keys(fields).length === 0)}
          loading={act.isPending}
          onClick={() =>
            review
              ? send('review', { outcome: 'return', reason })
              : correct
                ? send('correct', { fields, reason })
                : send('reject', { reason })
          }
        >
          {say(review ? 'giveBack' : correct ? 'correct' : 'notACase')}
        </Button>
      </div>
      {act.isError && problems.length === 0 && <Failure failure={act.error} />}
    </section>
  );
}
