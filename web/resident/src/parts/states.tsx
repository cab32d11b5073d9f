import type { Problem } from '../app/api.ts';
import { usePick, useSay } from '../app/language.ts';
import { Button } from './card.tsx';

export function Loading() {
  return (
    <p role="status" className="quiet-text">
      {useSay()('loading')}
    </p>
  );
}

export function Failure({ problem, again }: { problem: Problem; again?: () => void }) {
  const say = useSay();
  const pick = usePick();
  const { error } = problem;
  const fix = error?.fix ? pick(error.fix) : error ? null : say('unreachableFix');
  return (
    <section className="card notice" role="alert">
      <h2>{error ? pick(error) : say('unreachable')}</h2>
      {fix && (
        <p>
          {say('whatToDo')} {fix}
        </p>
      )}
      {error && (
        <p className="quiet-text">
          <code>{error.code}</code>
        </p>
      )}
      {again && <Button onClick={again}>{say('retry')}</Button>}
    </section>
  );
}
