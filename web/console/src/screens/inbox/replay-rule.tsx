import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { call } from '../../app/api.ts';
import { useFormat } from '../../app/format.ts';
import { useMay } from '../../app/session.ts';
import { Failure } from '../../parts/states.tsx';
import { useInboxWords } from './words.ts';

/** After a mapping was repaired: processes every held message of one rule again. */
export function ReplayRule({ rule }: { rule: string }) {
  const say = useInboxWords();
  const { number } = useFormat();
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const replay = useMutation({
    mutationFn: () =>
      call<{ replayed: number; done: number; held: number }>('/inbox/replay', { method: 'POST', body: { rule } }),
    onSettled: () => {
      setAsking(false);
      void queries.invalidateQueries({ queryKey: ['inbox'] });
    },
  });
  if (!useMay()('inbox.repair')) return null;
  return (
    <div className="stack">
      <Button type="primary" onClick={() => setAsking(true)}>
        {say('replayRule')}
      </Button>
      <div role="status">
        {replay.data && (
          <p className="notice tone-good">
            {say('replayRuleResult', {
              replayed: number(replay.data.replayed),
              done: number(replay.data.done),
              held: number(replay.data.held),
            })}
          </p>
        )}
      </div>
      {replay.isError && <Failure failure={replay.error} />}
      <Modal
        title={say('replayRuleTitle', { rule })}
        open={isAsking}
        onCancel={() => setAsking(false)}
        onOk={() => replay.mutate()}
        okText={say('confirm')}
        cancelText={say('cancel')}
        confirmLoading={replay.isPending}
        closable={{ 'aria-label': say('cancel') }}
      >
        <p>{say('replayRuleText')}</p>
      </Modal>
    </div>
  );
}
