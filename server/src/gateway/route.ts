/** The gateway's vocabulary, declared in core/access so that every room can speak it without importing the gateway. */
export {
  type Call,
  isRefusal,
  personalPermissions,
  type Refusal,
  type Reply,
  type Route,
  refuse,
} from '../core/access/index.ts';
