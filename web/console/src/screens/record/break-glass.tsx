import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { SelectField, TextAreaField } from '../../parts/fields.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Failure } from '../../parts/states.tsx';
import { breakGlass } from './record-data.ts';
import { useRecordWords } from './words.ts';

const reasons = ['emergency', 'unconscious', 'public-health', 'other'] as const;

export function BreakGlass({ resident }: { resident: string }) {
  const say = useRecordWords();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [reasonCode, setReasonCode] = useState('');
  const [text, setText] = useState('');
  const open = useMutation({
    mutationFn: () => breakGlass(resident, { reasonCode, text: text.trim() }),
    onSuccess: async () => {
      setOpen(false);
      await queries.resetQueries({ queryKey: ['record', resident] });
      await queries.invalidateQueries({ queryKey: ['resident-search'] });
    },
  });
  const isReady = reasonCode !== '' && text.trim().length >= 4;
  return (
    <>
      <Button danger icon={<Icon name="key" size={16} />} onClick={() => setOpen(true)}>
        {say('breakGlass')}
      </Button>
      <Modal
        title={say('breakGlass')}
        open={isOpen}
        onCancel={() => setOpen(false)}
        onOk={() => open.mutate()}
        okText={say('breakConfirm')}
        cancelText={say('cancel')}
        okButtonProps={{ danger: true, disabled: !isReady, loading: open.isPending }}
        closable={{ 'aria-label': say('cancel') }}
      >
        <div className="stack">
          <p className="notice tone-bad">{say('breakText')}</p>
          <SelectField
            label={say('breakReason')}
            required
            value={reasonCode}
            onChange={setReasonCode}
            choices={[
              { value: '', label: say('chooseReason') },
              ...reasons.map((value) => ({ value, label: say(`reason.${value}`) })),
            ]}
          />
          <TextAreaField
            label={say('breakExplain')}
            hint={say('breakExplainHint')}
            value={text}
            onChange={setText}
            rows={3}
            required
          />
          {open.isError && <Failure failure={open.error} />}
        </div>
      </Modal>
    </>
  );
}
