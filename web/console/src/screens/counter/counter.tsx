import { type CareStep, careSteps, type ScanAnswer, type ScanRequest } from '@hutong/contract/health-code.ts';
import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { type FormEvent, useRef, useState } from 'react';
import { call } from '../../app/api.ts';
import { SelectField, TextField } from '../../parts/fields.tsx';
import { Page } from '../../parts/page.tsx';
import { Blank, Failure, Loading } from '../../parts/states.tsx';
import { Camera } from './camera.tsx';
import './counter.css';
import { Result } from './result.tsx';
import { useCounterWords } from './words.ts';

const kinds = ['auto', 'document', 'hospital-card'] as const;

/** A window: scan, see who it is, see what may be done. A scan uses a live code up, so nothing is ever sent twice by itself. */
export function Counter() {
  const say = useCounterWords();
  const form = useRef<HTMLFormElement>(null);
  const [code, setCode] = useState('');
  const [as, setAs] = useState<(typeof kinds)[number]>('auto');
  const [step, setStep] = useState<CareStep>('010101');
  const scan = useMutation({
    mutationFn: (text: string) =>
      call<ScanAnswer>('/health-code/scan', {
        method: 'POST',
        body: { code: text, as, step, channel: '01' } satisfies ScanRequest,
      }),
    retry: false,
    onSettled: () => {
      setCode('');
      form.current?.querySelector<HTMLInputElement>('[data-page-search]')?.focus();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (code.trim() !== '' && !scan.isPending) scan.mutate(code);
  };
  const { data } = scan;
  return (
    <Page title={say('title')} lead={say('lead')}>
      <div className="counter">
        <section className="panel" aria-label={say('scan')}>
          <form ref={form} onSubmit={submit}>
            <TextField
              label={say('code')}
              hint={say('codeHint')}
              value={code}
              onChange={setCode}
              isPageSearch
              autoFocus
            />
            <div className="counter-choices">
              <SelectField
                label={say('as')}
                value={as}
                choices={kinds.map((value) => ({ value, label: say(`as.${value}`) }))}
                onChange={(value) => setAs(value as typeof as)}
              />
              <SelectField
                label={say('step')}
                value={step}
                choices={careSteps.map((value) => ({ value, label: say(`step.${value}`) }))}
                onChange={(value) => setStep(value as CareStep)}
              />
            </div>
            <Button type="primary" htmlType="submit" loading={scan.isPending}>
              {say('submit')}
            </Button>
          </form>
          <Camera onCode={(text) => scan.mutate(text)} />
        </section>
        <div className="counter-answer">
          <p className="unseen" role="status">
            {data && scan.isSuccess
              ? say('announce', { name: data.resident.name, kind: say(`kind.${data.kind}`) })
              : ''}
          </p>
          {scan.isPending && <Loading rows={4} label={say('result')} />}
          {scan.isError && <Failure failure={scan.error} />}
          {scan.isSuccess && data && <Result answer={data} />}
          {scan.isIdle && <Blank title={say('nothing')}>{say('nothingNext')}</Blank>}
        </div>
      </div>
    </Page>
  );
}
