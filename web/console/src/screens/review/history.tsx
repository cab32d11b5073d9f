import type { IdentityAct, PairDetail, UndoResult } from '@hutong/contract/identity.ts';
import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { call } from '../../app/api.ts';
import { moment, useFormat } from '../../app/format.ts';
import { SelectField, TextField } from '../../parts/fields.tsx';
import { Failure } from '../../parts/states.tsx';
import { useReviewWords } from './words.ts';

const undoReasons = ['wrong-decision', 'other'] as const;

/** Asks why, and takes exactly this act back. */
export function Undo({ act, label, onDone }: { act: string; label: string; onDone: () => void }) {
  const say = useReviewWords();
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState<(typeof undoReasons)[number]>('wrong-decision');
  const [note, setNote] = useState('');
  const undo = useMutation({
    mutationFn: () =>
      call<UndoResult>(`/identity/acts/${act}/undo`, {
        method: 'POST',
        body: { reason, ...(note.trim() && { note: note.trim() }) },
      }),
    onSuccess: () => {
      setOpen(false);
      onDone();
    },
  });
  if (!isOpen)
    return (
      <Button size="small" onClick={() => setOpen(true)}>
        {label}
      </Button>
    );
  return (
    <form
      className="review-undo"
      onSubmit={(event) => {
        event.preventDefault();
        undo.mutate();
      }}
    >
      <SelectField
        label={say('undoReason')}
        value={reason}
        onChange={(value) => setReason(value as typeof reason)}
        choices={undoReasons.map((value) => ({ value, label: say(`undo.${value}`) }))}
      />
      <TextField label={say('note')} value={note} onChange={setNote} required={reason === 'other'} />
      <div className="row">
        <Button type="primary" htmlType="submit" loading={undo.isPending}>
          {say('confirm')}
        </Button>
        <Button onClick={() => setOpen(false)}>{say('cancel')}</Button>
      </div>
      {undo.isError && <Failure failure={undo.error} />}
    </form>
  );
}

function Act({ act, onUndone }: { act: IdentityAct; onUndone: () => void }) {
  const say = useReviewWords();
  const { pick } = useFormat();
  return (
    <li>
      <p>
        <strong>{say(`act.${act.kind}`)}</strong> · {act.by.name} · <time dateTime={act.at}>{moment(act.at)}</time>
      </p>
      <p className="quiet">
        {[act.reason && pick(act.reason), act.note, act.model && say('model', { model: act.model })]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {act.awaitsSecond && <p className="quiet">{say('awaits')}</p>}
      {act.undone ? (
        <p className="quiet">{say('undoneBy', { by: act.undone.by, at: moment(act.undone.at) })}</p>
      ) : (
        act.kind !== 'undo' && <Undo act={act.id} label={say('undo')} onDone={onUndone} />
      )}
    </li>
  );
}

/** What went before for either of the two, newest first; any decision can be taken back, however old. */
export function History({ pair, onUndone }: { pair: PairDetail; onUndone: () => void }) {
  const say = useReviewWords();
  const { pick } = useFormat();
  return (
    <section className="panel" aria-labelledby="history-title">
      <h2 id="history-title">{say('history')}</h2>
      {pair.acts.length === 0 && <p className="quiet">{say('historyEmpty')}</p>}
      <ul className="review-history">
        {pair.acts.map((act) => (
          <Act key={act.id} act={act} onUndone={onUndone} />
        ))}
      </ul>
      {pair.moves.length > 0 && (
        <details>
          <summary>{say('moves')}</summary>
          <ul className="review-history">
            {pair.moves.map((move) => (
              <li key={`${move.at} ${move.source} ${move.to}`}>
                <time dateTime={move.at}>{moment(move.at)}</time> · {pick(move.rule)} · <code>{move.source}</code> →{' '}
                <code>{move.to}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
