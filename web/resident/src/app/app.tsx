import type { Session } from '@hutong/contract/console.ts';
import type { MyCode } from '@hutong/contract/health-code.ts';
import { useEffect, useState } from 'react';
import { Button, Card, LinkButton } from '../parts/card.tsx';
import { Failure, Loading } from '../parts/states.tsx';
import { CodeScreen } from '../screens/code.tsx';
import { MoreScreen } from '../screens/more.tsx';
import { RecordScreen } from '../screens/record.tsx';
import { TracesScreen } from '../screens/traces.tsx';
import { logout } from './api.ts';
import { useSay } from './language.ts';
import { linkTo, places, usePlace } from './place.ts';
import { useAnswer } from './use-answer.ts';
import { emptyWallet, keepWallet, readWallet } from './wallet.ts';

const signs = {
  code: 'M3 3h7v7H3zM14 3h7v7h-7zM3 14h7v7H3zM14 14h3v3h-3zM18 18h3v3h-3z',
  record: 'M6 3h9l4 4v14H6zM9 10h7M9 14h7',
  traces: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7-10-7-10-7zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  more: 'M4 7h16M4 12h16M4 17h16',
} as const;

function Tabs() {
  const say = useSay();
  const here = usePlace();
  return (
    <nav className="tabs" aria-label={say('tabs')}>
      {places.map((place) => (
        <a key={place} {...linkTo(place)} aria-current={here === place ? 'page' : undefined}>
          <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d={signs[place]} />
          </svg>
          {say(place)}
        </a>
      ))}
    </nav>
  );
}

function Login({ isStaff }: { isStaff: boolean }) {
  const say = useSay();
  const leave = async (): Promise<void> => {
    await logout();
    location.assign('/login?to=/resident/');
  };
  return (
    <Card title={say('loginTitle')}>
      <p>{say(isStaff ? 'notResident' : 'loginText')}</p>
      {isStaff ? (
        <Button onClick={() => void leave()}>{say('logout')}</Button>
      ) : (
        <LinkButton href="/login?to=/resident/">{say('login')}</LinkButton>
      )}
    </Card>
  );
}

export function App() {
  const say = useSay();
  const place = usePlace();
  const session = useAnswer<Session>('/session');
  const isStranger = session.problem?.status === 401;
  const isStaff = session.value !== null && session.value.role !== 'resident';
  const fresh = useAnswer<MyCode>(session.value && !isStaff ? '/my' : null);
  // Without a network, what the phone keeps stands in.
  const [kept] = useState(() => readWallet().me);
  const me = fresh.value ?? (session.problem?.status === 0 || fresh.problem?.status === 0 ? kept : null);
  useEffect(() => {
    document.title = `${say(place)} · ${say('product')}`;
  }, [place, say]);
  useEffect(() => {
    if (fresh.value) keepWallet({ ...readWallet(), me: fresh.value });
  }, [fresh.value]);
  useEffect(() => {
    // Somebody else's login, or none: nothing of the person before may stay on the phone.
    if (isStranger || isStaff) emptyWallet();
  }, [isStranger, isStaff]);
  const screen = () => {
    if (isStranger || isStaff) return <Login isStaff={isStaff} />;
    if (me) {
      if (place === 'record') return <RecordScreen me={me} />;
      if (place === 'traces') return <TracesScreen me={me} />;
      if (place === 'more') return <MoreScreen me={me} onChange={fresh.again} />;
      return <CodeScreen me={me} />;
    }
    const problem = session.problem ?? fresh.problem;
    return problem ? <Failure problem={problem} again={session.problem ? session.again : fresh.again} /> : <Loading />;
  };
  return (
    <>
      <a className="skip" href="#content">
        {say('skip')}
      </a>
      <header className="head">
        <strong>{say('product')}</strong>
        {session.value?.demo && <span>{say('demo')}</span>}
      </header>
      <main id="content" tabIndex={-1}>
        {screen()}
      </main>
      {me && !isStranger && !isStaff && <Tabs />}
    </>
  );
}
