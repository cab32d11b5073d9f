import type { Operations } from '@hutong/contract/console.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { call } from '../../app/api.ts';
import { moment, useFormat } from '../../app/format.ts';
import { Badge } from '../../parts/badge.tsx';
import { Failure } from '../../parts/states.tsx';
import { useOperationWords } from './words.ts';

type Verdict = { ok: boolean; rows: number; blocks: number; firstBad: string | null; milliseconds: number };

export function AuditSeal({ audit }: { audit: Operations['audit'] }) {
  const say = useOperationWords();
  const { number } = useFormat();
  const queries = useQueryClient();
  const verify = useMutation({
    mutationFn: () => call<Verdict>('/operations/audit/verify', { method: 'POST', body: {} }),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['operations'] }),
  });
  return (
    <section className="panel" aria-labelledby="audit-title">
      <h2 id="audit-title">{say('audit')}</h2>
      <p className="quiet small">{say('auditHint')}</p>
      <dl className="pairs" style={{ marginBlock: '0.8rem' }}>
        <dt>{say('auditRows')}</dt>
        <dd className="number">{number(audit.rows)}</dd>
        <dt>{say('sealed')}</dt>
        <dd className="number">{number(audit.sealed)}</dd>
        <dt>{say('lastSeal')}</dt>
        <dd>{audit.lastSealAt ? moment(audit.lastSealAt) : '—'}</dd>
        <dt>{say('head')}</dt>
        <dd>
          <code>{audit.headSm3 ?? '—'}</code>
        </dd>
        <dt>{say('verified')}</dt>
        <dd>
          {audit.verified ? (
            <>
              <Badge tone={audit.verified.ok ? 'good' : 'bad'}>{say(audit.verified.ok ? 'intact' : 'broken')}</Badge>{' '}
              {moment(audit.verified.at)}
            </>
          ) : (
            say('neverVerified')
          )}
        </dd>
      </dl>
      <Button loading={verify.isPending} onClick={() => verify.mutate()}>
        {verify.isPending ? say('verifying') : say('verify')}
      </Button>
      <div role="status">
        {verify.data && (
          <p className={`notice ${verify.data.ok ? 'tone-good' : 'tone-bad'}`} style={{ marginTop: '0.8rem' }}>
            {verify.data.ok
              ? say('verifiedOk', {
                  rows: number(verify.data.rows),
                  blocks: number(verify.data.blocks),
                  ms: number(Math.round(verify.data.milliseconds)),
                })
              : say('verifiedBad', { where: verify.data.firstBad ?? '?', rows: number(verify.data.rows) })}
          </p>
        )}
      </div>
      {verify.isError && <Failure failure={verify.error} />}
    </section>
  );
}
