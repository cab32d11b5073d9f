/** The gateway's vocabulary, declared in core/access so that every room can speak it without importing the gateway. */
export { type Call, isRefusal, personalPermissions, type Refusal, refuse, type Reply, type Route } from '../core/access/index.ts';
