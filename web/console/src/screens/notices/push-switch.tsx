import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { call } from '../../app/api.ts';
import { Failure } from '../../parts/states.tsx';
import { useNoticeWords } from './words.ts';

const worker = '/push-worker.js';
const isPossible = (): boolean => 'serviceWorker' in navigator && 'PushManager' in window && window.isSecureContext;

async function current(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration(worker);
  return (await registration?.pushManager.getSubscription()) ?? null;
}

async function subscribe(): Promise<boolean> {
  if ((await Notification.requestPermission()) !== 'granted') return false;
  const { key } = await call<{ key: string }>('/surveillance/push/key');
  const registration = await navigator.serviceWorker.register(worker);
  const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = subscription.toJSON();
  await call('/surveillance/push/subscribe', { method: 'POST', body: { endpoint, keys } });
  return true;
}

async function unsubscribe(): Promise<boolean> {
  const subscription = await current();
  if (!subscription) return true;
  await call('/surveillance/push/unsubscribe', { method: 'POST', body: { endpoint: subscription.endpoint } });
  return subscription.unsubscribe();
}

/** Switches alerts of this browser on and off. */
export function PushSwitch() {
  const say = useNoticeWords();
  const queries = useQueryClient();
  const possible = isPossible();
  const { data: isOn } = useQuery({
    queryKey: ['push'],
    queryFn: async () => (await current()) !== null,
    enabled: possible,
  });
  const change = useMutation({
    mutationFn: (on: boolean) => (on ? subscribe() : unsubscribe()),
    onSettled: () => queries.invalidateQueries({ queryKey: ['push'] }),
  });
  return (
    <section className="panel section-below">
      <h2>{say('pushTitle')}</h2>
      {!possible && <p className="quiet">{say('pushNone')}</p>}
      {possible && isOn && <p className="quiet">{say('pushIsOn')}</p>}
      {change.data === false && change.variables && <p role="alert">{say('pushRefused')}</p>}
      {change.isError && <Failure failure={change.error} />}
      {possible && (
        <Button loading={change.isPending} onClick={() => change.mutate(!isOn)}>
          {say(isOn ? 'pushOff' : 'pushOn')}
        </Button>
      )}
    </section>
  );
}
