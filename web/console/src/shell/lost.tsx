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

/** A page whose permission the session lacks, in the words of the server's own refusal. */
export function Closed() {
  const say = useShellWords();
  usePageTitle(say('closedTitle'));
  return (
    <div className="page lost">
      <h1>403 · {say('closedTitle')}</h1>
      <Blank title={say('closedText')}>
        <Link to="/">{say('backHome')}</Link>
      </Blank>
    </div>
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
