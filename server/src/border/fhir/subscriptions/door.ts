import type { Caller } from '../../../core/access/index.ts';
import type { Egress } from '../../../kit/egress.ts';
import type { GroupCommitter } from '../../../kit/group-commit.ts';
import type { FhirDoor } from '../door.ts';
import type { Subscription } from './tables.ts';

/** What subscriptions stand on. */
export type SubscriptionDoor = Pick<
  FhirDoor,
  'pool' | 'identity' | 'records' | 'directory' | 'terminology' | 'owner'
> & {
  committer: GroupCommitter;
  egress: Egress;
  onError(error: unknown): void;
};

/** Under whose eyes a subscription is served: the client as it was when it wrote it. Whether it is still registered is asked each time. */
export const callerOfSubscription = ({
  client,
  institution,
  caller,
}: Pick<Subscription, 'client' | 'institution' | 'caller'>): Caller =>
  ({ ...caller, kind: 'client', id: client, institution }) as Caller;

/** A client that was struck off the directory, or moved to another institution, is served no more. */
export const isRegistered = ({ directory }: SubscriptionDoor, { client, institution }: Subscription): boolean =>
  directory.senderByClient(client)?.institution.id === institution;
