import type { InboxMessage } from '@hutong/contract/console.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Drawer, Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import { call } from '../../app/api.ts';
import { useContractWords } from '../../app/contract-words.ts';
import { TextAreaField, TextField } from '../../parts/fields.tsx';
import { Failure } from '../../parts/states.tsx';
import { messageQuery } from './inbox-data.ts';
import { useInboxWords } from './words.ts';

type Act = 'replay' | 'correct' | 'dismiss';

/** HL7 v2 separates segments by CR alone; a text field holds LF. What is edited goes back with the separators it came with. */
export const withSeparatorsOf = (original: string, edited: string): string => {
  const separator = original.includes('\r\n') ? '\r\n' : original.includes('\r') ? '\r' : '\n';
  return edited.replace(/\r\n|\r|\n/g, separator);
};

export function Repair({ message }: { message: InboxMessage }) {
  const say = useInboxWords();
  const sayContract = useContractWords();
  const queries = useQueryClient();
  const [act, setAct] = useState<Act | null>(null);
  const [reason, setReason] = useState('');
  const [text, setText] = useState('');
  const run = useMutation({
    mutationFn: (chosen: Act) =>
      call<InboxMessage>(`/inbox/${encodeURIComponent(message.id)}/${chosen === 'dismiss' ? 'dismiss' : 'replay'}`, {
        method: 'POST',
        body: { reason: reason.trim(), ...(chosen === 'correct' && { raw: withSeparatorsOf(message.raw, text) }) },
      }),
    onSuccess: async (answer) => {
      setAct(null);
      // A dismissal may answer with nothing; either way the list and this message are read again.
      if (answer?.id) queries.setQueryData(messageQuery(message.id).queryKey, answer);
      else await queries.invalidateQueries({ queryKey: ['inbox-message', message.id] });
      await queries.invalidateQueries({ queryKey: ['inbox'] });
    },
  });
  const open = (chosen: Act): void => {
    run.reset();
    setReason('');
    setText(message.raw.replace(/\r\n|\r/g, '\n'));
    setAct(chosen);
  };
  const isReady = reason.trim().length >= 2;
  const button = (
    <Button type="primary" disabled={!isReady} loading={run.isPending} onClick={() => act && run.mutate(act)}>
      {act === 'dismiss' ? say('doDismiss') : say('doReplay')}
    </Button>
  );
  const body = (extra?: ReactNode): ReactNode => (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && act) run.mutate(act);
      }}
    >
      {extra}
      <TextField label={say('reason')} hint={say('reasonHint')} value={reason} onChange={setReason} required />
      {run.isError && <Failure failure={run.error} />}
    </form>
  );
  return (
    <section className="panel" aria-labelledby="repair-title">
      <h2 id="repair-title">{say('repair')}</h2>
      <div className="row">
        <Button type="primary" onClick={() => open('correct')}>
          {say('correct')}
        </Button>
        <Button onClick={() => open('replay')}>{say('replay')}</Button>
        {message.state !== 'dismissed' && <Button onClick={() => open('dismiss')}>{say('dismiss')}</Button>}
      </div>
      <div role="status">
        {run.isSuccess && (
          <p
            className={`notice ${run.variables === 'dismiss' || ['done', 'replayed'].includes(message.state) ? 'tone-good' : 'tone-warn'}`}
            style={{ marginTop: '0.8rem' }}
          >
            {run.variables === 'dismiss'
              ? say('dismissed')
              : ['done', 'replayed'].includes(message.state)
                ? say('resultDone')
                : say('resultOther', { state: sayContract(`inbox.${message.state}`) })}
          </p>
        )}
      </div>
      <Modal
        title={act === 'dismiss' ? say('dismissTitle') : say('replayTitle')}
        open={act === 'replay' || act === 'dismiss'}
        onCancel={() => setAct(null)}
        footer={[
          <Button key="no" onClick={() => setAct(null)}>
            {say('cancel')}
          </Button>,
          <span key="yes" style={{ marginInlineStart: 8 }}>
            {button}
          </span>,
        ]}
        closable={{ 'aria-label': say('cancel') }}
      >
        {body(act === 'dismiss' && <p>{say('dismissText')}</p>)}
      </Modal>
      <Drawer
        title={say('correctTitle')}
        size="min(980px, 100vw)"
        open={act === 'correct'}
        onClose={() => setAct(null)}
        extra={button}
        closable={{ 'aria-label': say('cancel') }}
      >
        {body(
          <TextAreaField
            label={say('correctedText')}
            hint={say('correctedHint')}
            value={text}
            onChange={setText}
            rows={22}
            code
            required
          />,
        )}
      </Drawer>
    </section>
  );
}
