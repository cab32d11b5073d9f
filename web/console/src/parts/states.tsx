import { Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { Problem } from '../app/api.ts';
import { useFormat } from '../app/format.ts';
import { motionIsUnwelcome } from '../app/motion.ts';
import { Icon } from './icon.tsx';
import { usePartWords } from './words.ts';

export function Loading({ rows = 6, label }: { rows?: number; label?: string }) {
  const say = usePartWords();
  return (
    <div className="loading" role="status" aria-busy="true">
      <span className="unseen">{label ?? say('loading')}</span>
      <Skeleton active={!motionIsUnwelcome()} title={false} paragraph={{ rows }} />
    </div>
  );
}

/** What went wrong, in the server's words: the code, the sentence, what to do, and the id to quote. */
export function Failure({ failure, retry }: { failure: unknown; retry?: () => void }) {
  const say = usePartWords();
  const { pick } = useFormat();
  const problem = failure instanceof Problem ? failure.error : null;
  return (
    <section className="failure" role="alert">
      <h2>
        <Icon name="warn" /> {problem ? pick(problem) : say('failed')}
      </h2>
      {problem?.fix && (
        <p>
          <strong>{say('whatToDo')}</strong> {pick(problem.fix)}
        </p>
      )}
      {!problem && failure instanceof Error && <p>{failure.message}</p>}
      <p className="failure-code">
        {problem && <code>{problem.code}</code>}
        {problem?.traceId && (
          <>
            {' · '}
            {say('trace')} <code>{problem.traceId}</code>
          </>
        )}
      </p>
      {retry && <Button onClick={retry}>{say('retry')}</Button>}
    </section>
  );
}

/** Nothing here, and the next step. */
export function Blank({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="blank">
      <svg
        width="72"
        height="48"
        viewBox="0 0 72 48"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.500"
        aria-hidden="true"
        focusable="false"
      >
        <path
          d="M4 44V22l16-9 16 9v22M36 44V22l16-9 16 9v22M2 44h68M14 44V31h12v13M46 44V31h12v13"
          strokeLinejoin="round"
        />
      </svg>
      <p className="blank-title">{title}</p>
      {children && <div className="blank-next">{children}</div>}
    </div>
  );
}

/** The foot of a list that is read on by cursor. */
export function LoadMore({
  count,
  hasMore,
  loading,
  onMore,
}: {
  count: number;
  hasMore: boolean;
  loading: boolean;
  onMore: () => void;
}) {
  const say = usePartWords();
  if (!hasMore) return count > 0 ? <p className="list-foot">{say('allShown', { count })}</p> : null;
  return (
    <div className="list-foot">
      <Button onClick={onMore} loading={loading}>
        {loading ? say('moreLoading') : say('more')}
      </Button>
    </div>
  );
}
