import type { Tour, Trace } from '@hutong/contract/console.ts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { call, loginAddress } from '../../app/api.ts';
import { useFormat } from '../../app/format.ts';
import { motionIsUnwelcome } from '../../app/motion.ts';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { Failure } from '../../parts/states.tsx';
import { progressOf, type Station, type Step, stationsOf } from './stations.ts';
import { useTourWords } from './words.ts';

const icons: Record<Station['kind'], IconName> = {
  sent: 'send',
  stored: 'disk',
  acknowledged: 'check',
  translated: 'translate',
  'resident-found': 'person',
  'record-written': 'file',
  'event-published': 'spark',
  'read-by-service': 'eye',
  held: 'warn',
};

/** The platform is faster than the eye: steps are shown one by one, at least this far apart, unless motion is unwelcome. */
const pace = 420;

function usePacedSteps(trace: Trace | undefined): Step[] {
  const [shown, setShown] = useState({ id: '', count: 0 });
  const count = trace && shown.id === trace.id ? shown.count : 0;
  const known = trace?.steps.length ?? 0;
  useEffect(() => {
    if (!trace || count >= known) return;
    if (motionIsUnwelcome()) return setShown({ id: trace.id, count: known });
    const timer = setTimeout(() => setShown({ id: trace.id, count: count + 1 }), count === 0 ? 0 : pace);
    return () => clearTimeout(timer);
  }, [trace, count, known]);
  return trace ? trace.steps.slice(0, count) : [];
}

function Line({ steps }: { steps: readonly Step[] }) {
  const say = useTourWords();
  const { number } = useFormat();
  const stations = stationsOf(steps);
  const progress = progressOf(stations);
  return (
    <div className="line" style={{ '--count': stations.length, '--progress': progress } as React.CSSProperties}>
      <div className="line-rail" aria-hidden="true">
        <div className="line-done" />
        {steps.length > 0 && <div className="line-train" />}
      </div>
      <ol aria-label={say('stationsLabel')}>
        {stations.map((station) => (
          <li key={station.kind} className={`station station-${station.state} station-is-${station.kind}`}>
            <span className="station-dot">
              <Icon name={icons[station.kind]} size={18} />
            </span>
            <span className="station-name">{say(`station.${station.kind}`)}</span>
            <span className="station-time">
              {station.step ? (
                say('ms', { ms: number(station.step.milliseconds) })
              ) : (
                <span className="unseen">{say('pending')}</span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** The same journey in words: what the drawing shows is said here, politely, as it happens. */
function Log({ steps, isOver }: { steps: readonly Step[]; isOver: boolean }) {
  const say = useTourWords();
  const { pick, number } = useFormat();
  const isHeld = steps.some((step) => step.kind === 'held');
  const total = Math.max(0, ...steps.map((step) => step.milliseconds));
  return (
    <div className="journey-log" role="log" aria-live="polite" aria-label={say('logLabel')}>
      {steps.length === 0 && <p className="quiet">{say('logEmpty')}</p>}
      <ol>
        {steps.map((step) => (
          <li key={`${step.kind} ${step.at} ${step.en}`}>
            <span className="number">{say('ms', { ms: number(step.milliseconds) })}</span>
            <span>
              {pick(step)}
              {step.detail && <code>{step.detail}</code>}
            </span>
          </li>
        ))}
      </ol>
      {isOver && <p className="journey-end">{isHeld ? say('heldEnd') : say('arrived', { ms: number(total) })}</p>}
    </div>
  );
}

function Next({ tour, isHeld }: { tour: Tour; isHeld: boolean }) {
  const say = useTourWords();
  const integrator = tour.logins.find((login) => login.role === 'integrator');
  const clinician = tour.logins.find((login) => login.role === 'clinician');
  return (
    <nav className="journey-next" aria-label={say('nextTitle')}>
      {integrator && (
        <a href={loginAddress(isHeld ? '/inbox?state=held' : '/inbox', integrator.login)}>
          {isHeld ? say('nextHeld') : say('nextInbox')} <Icon name="arrow" size={16} />
        </a>
      )}
      {clinician && (
        <a href={loginAddress('/residents', clinician.login)}>
          {say('nextResident')} <Icon name="arrow" size={16} />
        </a>
      )}
    </nav>
  );
}

export function Journey({ tour }: { tour: Tour }) {
  const say = useTourWords();
  const send = useMutation({
    mutationFn: () => call<{ traceId: string }>('/tour/fever-case', { method: 'POST', body: {} }),
  });
  const id = send.data?.traceId;
  const trace = useQuery({
    queryKey: ['trace', id],
    enabled: id !== undefined,
    queryFn: ({ signal }) => call<Trace>(`/tour/trace/${encodeURIComponent(id!)}`, { signal }),
    refetchInterval: ({ state }) => (state.data?.done || state.error ? false : 300),
  });
  const steps = usePacedSteps(trace.data);
  const isOver = trace.data?.done === true && steps.length === trace.data.steps.length;
  const isTravelling = send.isPending || (id !== undefined && !isOver && !trace.isError);
  return (
    <section className="journey" aria-labelledby="journey-title">
      <div className="journey-head">
        <div>
          <h2 id="journey-title">{say('sendTitle')}</h2>
          <p>{say('sendLead')}</p>
        </div>
        <Button
          type="primary"
          size="large"
          disabled={isTravelling}
          onClick={() => send.mutate()}
          icon={<Icon name="send" size={18} />}
        >
          {isTravelling ? say('sending') : isOver ? say('sendAgain') : say('send')}
        </Button>
      </div>
      <Line steps={steps} />
      <Log steps={steps} isOver={isOver} />
      {send.isError && <Failure failure={send.error} />}
      {trace.isError && <Failure failure={trace.error} retry={() => void trace.refetch()} />}
      {isOver && <Next tour={tour} isHeld={steps.some((step) => step.kind === 'held')} />}
    </section>
  );
}
