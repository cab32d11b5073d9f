import { Link } from '@tanstack/react-router';
import { usePageTitle } from '../parts/page.tsx';
import { Blank, Failure } from '../parts/states.tsx';
import { useShellWords } from './words.ts';

export function Missing() {
  const say = useShellWords();
  usePageTitle(say('missingTitle'));
  return (
    <main className="page lost" id="content">
      <h1>404 · {say('missingTitle')}</h1>
      <Blank title={say('missingText')}>
        <Link to="/">{say('backHome')}</Link>
      </Blank>
    </main>
  );
}

export function Crashed({ error, reset }: { error: unknown; reset: () => void }) {
  const say = useShellWords();
  usePageTitle(say('crashedTitle'));
  return (
    <div className="page">
      <h1>{say('crashedTitle')}</h1>
      <Failure failure={error} retry={reset} />
    </div>
  );
}
