import type { LostAnswer, MyCode } from '@hutong/contract/health-code.ts';
import { useState } from 'react';
import { call, logout, Problem } from '../app/api.ts';
import { useSay } from '../app/language.ts';
import { choose, useSettings } from '../app/settings.ts';
import { emptyWallet } from '../app/wallet.ts';
import { Button, Card, Choice, Title } from '../parts/card.tsx';
import { Failure } from '../parts/states.tsx';
import { Printed } from './printed.tsx';

function Settings() {
  const say = useSay();
  const { language, elder } = useSettings();
  return (
    <Card title={say('settings')}>
      <Choice
        legend={say('language')}
        name="language"
        value={language}
        onChange={(chosen) => choose({ language: chosen })}
        options={[
          { value: 'zh-CN', label: '中文' },
          { value: 'en', label: 'English' },
        ]}
      />
      <Choice
        legend={say('elderMode')}
        name="elder"
        value={elder ? 'on' : 'off'}
        onChange={(chosen) => choose({ elder: chosen === 'on' })}
        options={[
          { value: 'on', label: say('elderOn') },
          { value: 'off', label: say('elderOff') },
        ]}
      />
    </Card>
  );
}

/** Asked twice, in the page: no dialog that covers what it asks about. */
function Lost({ onChange }: { onChange: () => void }) {
  const say = useSay();
  const [isAsking, setAsking] = useState(false);
  const [revoked, setRevoked] = useState<number | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const report = async (): Promise<void> => {
    setAsking(false);
    try {
      const answer = await call<LostAnswer>('/my/lost', {});
      emptyWallet();
      setRevoked(answer.revoked);
      setProblem(null);
      onChange();
    } catch (failure) {
      setProblem(failure instanceof Problem ? failure : new Problem(0, null));
    }
  };
  return (
    <Card title={say('lostTitle')}>
      <p>{say('lostText')}</p>
      {problem && <Failure problem={problem} />}
      <p role="status">{revoked !== null && say('lostDone', { count: revoked })}</p>
      {isAsking ? (
        <>
          <p>
            <strong>{say('lostSure')}</strong>
          </p>
          <div className="row">
            <Button onClick={() => void report()}>{say('lostYes')}</Button>
            <Button quiet onClick={() => setAsking(false)}>
              {say('cancel')}
            </Button>
          </div>
        </>
      ) : (
        <Button quiet onClick={() => setAsking(true)}>
          {say('lost')}
        </Button>
      )}
    </Card>
  );
}

function Family({ me, onChange }: { me: MyCode; onChange: () => void }) {
  const say = useSay();
  const [problem, setProblem] = useState<Problem | null>(null);
  const end = (person: string): void =>
    void call('/my/family/end', { person }).then(onChange, (failure: Problem) => setProblem(failure));
  return (
    <Card title={say('familyTitle')}>
      {problem && <Failure problem={problem} />}
      {me.family.length === 0 && <p className="quiet-text">{say('familyNone')}</p>}
      <ul className="lines">
        {me.family.map(({ id, name, relation, age }) => (
          <li key={id} className="with-act">
            <p>
              <strong>{name}</strong> {say(`relation.${relation}`)} · {say('years', { age })}
            </p>
            <Button quiet onClick={() => end(id)}>
              {say('endFamily')}
              <span className="unseen"> {name}</span>
            </Button>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function MoreScreen({ me, onChange }: { me: MyCode; onChange: () => void }) {
  const say = useSay();
  const leave = async (): Promise<void> => {
    emptyWallet();
    await logout();
    location.assign('/resident/');
  };
  return (
    <>
      <Title>{say('more')}</Title>
      <Settings />
      <Printed me={me} onChange={onChange} />
      <Family me={me} onChange={onChange} />
      <Lost onChange={onChange} />
      <Button quiet onClick={() => void leave()}>
        {say('logout')}
      </Button>
    </>
  );
}
