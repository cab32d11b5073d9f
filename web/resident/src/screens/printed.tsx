import type { MyCode, PrintedText } from '@hutong/contract/health-code.ts';
import { useState } from 'react';
import { call, Problem } from '../app/api.ts';
import { day, useSay } from '../app/language.ts';
import { maskName } from '../app/mask.ts';
import { self } from '../app/wallet.ts';
import { Button, Card, Choice } from '../parts/card.tsx';
import { QrCode } from '../parts/qr.tsx';
import { Failure } from '../parts/states.tsx';

/** A code on paper: made once, shown once, voided by its serial. */
export function Printed({ me, onChange }: { me: MyCode; onChange: () => void }) {
  const say = useSay();
  const [person, setPerson] = useState(self);
  const [made, setMade] = useState<(PrintedText & { name: string }) | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const people = [
    { value: self, label: maskName(me.name) },
    ...me.family.map(({ id, name }) => ({ value: id, label: name })),
  ];
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      setProblem(null);
      onChange();
    } catch (failure) {
      setProblem(failure instanceof Problem ? failure : new Problem(0, null));
    }
  };
  const make = (): Promise<void> =>
    attempt(async () => {
      const answer = await call<PrintedText>('/my/printed', person === self ? {} : { person });
      setMade({ ...answer, name: people.find(({ value }) => value === person)?.label ?? '' });
    });
  const revoke = (serial: string): Promise<void> =>
    attempt(async () => {
      await call('/my/printed/revoke', { serial });
      if (made?.serial === serial) setMade(null);
    });
  return (
    <Card title={say('printedTitle')}>
      <p>{say('printedText')}</p>
      {problem && <Failure problem={problem} />}
      {people.length > 1 && (
        <Choice legend={say('printFor')} name="printed" value={person} options={people} onChange={setPerson} />
      )}
      <Button onClick={() => void make()}>{say('makePrinted')}</Button>
      {made && (
        <div className="paper">
          <p className="name">{say('printedFor', { name: made.name })}</p>
          <QrCode text={made.text} label={say('qrLabel', { name: made.name })} />
          <p>{say('onlyIdentifies')}</p>
          <p>
            {say('validUntil', { day: day(made.until) })} · {say('serial')} <code>{made.serial.slice(0, 8)}</code>
          </p>
          <Button onClick={() => print()}>{say('print')}</Button>
        </div>
      )}
      {me.printed.length === 0 ? (
        <p className="quiet-text">{say('printedNone')}</p>
      ) : (
        <ul className="lines">
          {me.printed.map(({ serial, madeAt, until, revokedAt }) => (
            <li key={serial} className="with-act">
              <p>
                {say('serial')} <code>{serial.slice(0, 8)}</code> · {day(madeAt)} ·{' '}
                {say('validUntil', { day: day(until) })}
              </p>
              {revokedAt ? (
                <p className="marked">{say('voided')}</p>
              ) : (
                <Button quiet onClick={() => void revoke(serial)}>
                  {say('void')}
                  <span className="unseen"> {serial.slice(0, 8)}</span>
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
