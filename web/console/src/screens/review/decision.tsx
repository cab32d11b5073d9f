import type { PairDecision, PairDetail } from '@hutong/contract/identity.ts';
import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { call } from '../../app/api.ts';
import { moment, useFormat } from '../../app/format.ts';
import { useShortcuts } from '../../app/shortcuts.ts';
import { SelectField, TextField } from '../../parts/fields.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Failure } from '../../parts/states.tsx';
import { useReviewWords } from './words.ts';

type Decision = PairDecision['decision'];
const decisions = [
  { decision: 'link', key: 'L' },
  { decision: 'separate', key: 'S' },
  { decision: 'unsure', key: 'N' },
] as const;

/** L, S or N, then a reason: two keys and Enter for a pair that is clear. */
export function Decide({
  pair,
  onDecided,
}: {
  pair: PairDetail;
  onDecided: (pair: PairDetail, what: Decision) => void;
}) {
  const say = useReviewWords();
  const { pick, name } = useFormat();
  const [chosen, setChosen] = useState<Decision | null>(null);
  const [reason, setReason] = useState('');
  const [note, setNote] = useState('');
  const form = useRef<HTMLFormElement>(null);
  const decide = useMutation({
    mutationFn: (decision: Decision) =>
      call<PairDetail>(`/identity/pairs/${encodeURIComponent(pair.id)}/decide`, {
        method: 'POST',
        body: {
          decision,
          reason,
          version: pair.version,
          ...(note.trim() && { note: note.trim() }),
        } satisfies PairDecision,
      }),
    onSuccess: onDecided,
  });
  const choose = (decision: Decision): void => {
    if (!pair.may[decision]) return;
    setReason('');
    setChosen(decision);
  };
  useShortcuts(
    Object.fromEntries(
      decisions.flatMap(({ decision, key }) => [
        [key, () => choose(decision)],
        [key.toLowerCase(), () => choose(decision)],
      ]),
    ),
  );
  useEffect(() => {
    if (chosen) form.current?.querySelector('select')?.focus();
  }, [chosen]);
  const { approval, openEncounters } = pair;
  const [first] = approval.given;
  return (
    <section className="panel review-decide" aria-labelledby="decide-title">
      <h2 id="decide-title">{say('decide')}</h2>
      {openEncounters.length > 0 && (
        <div className="review-guard" role="note">
          <strong>
            <Icon name="warn" size={16} /> {say('openEncounter')}
          </strong>
          <p>
            {say('openEncounterText', {
              place: openEncounters
                .map(({ institution, since }) => `${name(institution)}${since ? ` ${moment(since)}` : ''}`)
                .join('; '),
            })}
          </p>
        </div>
      )}
      {approval.needed === 2 && (
        <p>
          <strong>{say('approval')}</strong> ·{' '}
          {first ? say('approvalOne', { by: first.by, at: moment(first.at) }) : say('approvalNone')}
        </p>
      )}
      <div className="row">
        {decisions.map(({ decision, key }) => (
          <Button
            key={decision}
            type={chosen === decision ? 'primary' : 'default'}
            disabled={!pair.may[decision]}
            aria-pressed={chosen === decision}
            aria-keyshortcuts={key}
            onClick={() => choose(decision)}
          >
            {say(decision)}
            <kbd title={say('key', { key })}>{key}</kbd>
          </Button>
        ))}
      </div>
      {chosen && (
        <form
          ref={form}
          className="review-reason"
          onSubmit={(event) => {
            event.preventDefault();
            if (reason !== '') decide.mutate(chosen);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setChosen(null);
          }}
        >
          <SelectField
            label={say('reason')}
            required
            value={reason}
            onChange={setReason}
            choices={[
              { value: '', label: say('chooseReason') },
              ...pair.reasons.filter((row) => row.for === chosen).map((row) => ({ value: row.code, label: pick(row) })),
            ]}
          />
          <TextField label={say('note')} value={note} onChange={setNote} />
          <div className="row">
            <Button type="primary" htmlType="submit" disabled={reason === ''} loading={decide.isPending}>
              {say('confirm')}
            </Button>
            <Button onClick={() => setChosen(null)}>{say('cancel')}</Button>
          </div>
        </form>
      )}
      {decide.isError && <Failure failure={decide.error} />}
    </section>
  );
}
