import type { MyCode, MyScan } from '@hutong/contract/health-code.ts';
import { useEffect, useState } from 'react';
import { call } from '../app/api.ts';
import { minute, useSay } from '../app/language.ts';
import { maskName } from '../app/mask.ts';
import { useSettings } from '../app/settings.ts';
import { useCode } from '../app/use-code.ts';
import { self } from '../app/wallet.ts';
import { Button, Card, Choice, Title } from '../parts/card.tsx';
import { QrCode } from '../parts/qr.tsx';
import { Failure } from '../parts/states.tsx';
import { ScanLine } from './scan-line.tsx';

/** Keeps the screen from going dark while the code is held up. */
function useWakefulScreen(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    navigator.wakeLock?.request('screen').then(
      (held) => {
        lock = held;
      },
      () => {
        // Refused, by a battery that is nearly empty for instance: nothing to do about it.
      },
    );
    return () => void lock?.release();
  }, []);
}

/** The last scan, asked for once with every new code. */
function useLastScan(code: string | null, isOffline: boolean): MyScan | null | undefined {
  const [scan, setScan] = useState<MyScan | null>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new code is the occasion
  useEffect(() => {
    if (isOffline || code === null) return;
    call<{ items: MyScan[] }>('/my/scans').then(
      ({ items }) => setScan(items[0] ?? null),
      () => {
        // The list itself says what is wrong; here it is only left out.
      },
    );
  }, [code === null, isOffline]);
  return scan;
}

export function CodeScreen({ me }: { me: MyCode }) {
  const say = useSay();
  const { elder } = useSettings();
  const [person, setPerson] = useState(self);
  const { shown, isOffline, isFetching, problem, renew } = useCode(person);
  const lastScan = useLastScan(shown?.text ?? null, isOffline);
  useWakefulScreen();
  const relative = me.family.find(({ id }) => id === person);
  const name = relative?.name ?? maskName(me.name);
  return (
    <>
      <Title>{say('code')}</Title>
      {me.family.length > 0 && (
        <Choice
          legend={say('showFor')}
          name="person"
          value={person}
          onChange={setPerson}
          options={[
            { value: self, label: maskName(me.name), hint: say('myself') },
            ...me.family.map(({ id, name: theirs, relation, age }) => ({
              value: id,
              label: theirs,
              hint: `${say(`relation.${relation}`)}${age && !elder ? ` · ${say('years', { age })}` : ''}`,
            })),
          ]}
        />
      )}
      {problem && <Failure problem={problem} again={renew} />}
      {shown && !problem && (
        <section className="card code" aria-label={say('qrLabel', { name })}>
          <p className="name">{name}</p>
          <QrCode text={shown.text} label={say('qrLabel', { name })} />
          <div className="countdown">
            <span className="bar" aria-hidden="true">
              <span style={{ inlineSize: `${(shown.secondsLeft / 60) * 100}%` }} />
            </span>
            <p role="timer">{say('secondsLeft', { seconds: shown.secondsLeft })}</p>
          </div>
          <p>{say('oneUse')}</p>
          <p className={isOffline ? 'offline' : 'quiet-text'}>
            {say(isOffline ? 'offlineNow' : 'offlineUntil', { time: minute(shown.offlineUntil) })}
          </p>
          {!isOffline && (
            <Button quiet busy={isFetching} onClick={renew}>
              {say('newCode')}
            </Button>
          )}
        </section>
      )}
      {!shown && !problem && (
        <Card title={isOffline ? say('offlineOver') : say('waiting')}>
          {isOffline && <p>{say('offlineOverText')}</p>}
          {isOffline && <Button onClick={renew}>{say('retry')}</Button>}
        </Card>
      )}
      {lastScan !== undefined && !elder && (
        <Card title={say('lastScan')}>
          {lastScan ? (
            <ul className="lines">
              <ScanLine scan={lastScan} />
            </ul>
          ) : (
            <p className="quiet-text">{say('neverScanned')}</p>
          )}
        </Card>
      )}
    </>
  );
}
