import { lookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** What became of a call: `status` is the HTTP status, or `timeout`, `unreachable`, `not allowed`. Never a text of the other side. */
export type EgressOutcome = { ok: boolean; status: string };

/**
 * Where the platform may call out to: origins (scheme, host, port) that the operator has named, compared after parsing, never as text. A name
 * must lead to a public address, or into a network that the operator has named too; that is looked up at each call and the connection goes to the very
 * address that was looked at, so a name that changes its mind in between gains nothing. Redirects are not followed.
 */
export type Egress = {
  origins: string[];
  allows(url: string): boolean;
  post(url: string, headers: Record<string, string>, body: Buffer | string, timeoutMs: number): Promise<EgressOutcome>;
};

const subnets: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 96, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];
/** Addresses that are nobody's in the open network (RFC 6890), the machine's own among them. */
const notPublic = new BlockList();
for (const [net, prefix, family] of subnets) notPublic.addSubnet(net, prefix, family);

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
const bare = (host: string): string => host.replace(/^\[|\]$/g, '');

/** A name leads to an address that it may not lead to. */
class NotAllowed extends Error {}

/**
 * @param list origins such as `https://hooks.example:8443`. One whose host is an address or `localhost` is allowed by being named.
 * @param networks CIDR blocks of private addresses that names on the list may lead to (`10.20.0.0/16`)
 */
export function openEgress(list: readonly string[], networks: readonly string[] = [], resolve = lookup): Egress {
  const origins = list.map((one) => new URL(one).origin);
  const allowed = new BlockList();
  for (const network of networks) {
    const [net = '', prefix] = network.split('/');
    allowed.addSubnet(net, Number(prefix), familyOf(net));
  }
  const open = (address: string): boolean =>
    !notPublic.check(address, familyOf(address)) || allowed.check(address, familyOf(address));
  const guarded: LookupFunction = (host, options, done) =>
    resolve(host, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) done(error ?? new Error('no address'), '', 0);
      else if (host !== 'localhost' && !addresses.every(({ address }) => open(address)))
        done(new NotAllowed('private address'), '', 0);
      else if (options.all) done(null, addresses);
      else done(null, first.address, first.family);
    });
  const allows = (url: string): boolean => {
    if (!URL.canParse(url)) return false;
    const { origin, protocol, username, password } = new URL(url);
    return /^https?:$/.test(protocol) && username === '' && password === '' && origins.includes(origin);
  };
  return {
    origins,
    allows,
    post(url, headers, body, timeoutMs) {
      if (!allows(url)) return Promise.resolve({ ok: false, status: 'not allowed' });
      const target = new URL(url);
      return new Promise((resolved) => {
        const signal = AbortSignal.timeout(timeoutMs);
        const ask = (target.protocol === 'https:' ? httpsRequest : httpRequest)(
          {
            method: 'POST',
            protocol: target.protocol,
            hostname: bare(target.hostname),
            port: target.port,
            path: `${target.pathname}${target.search}`,
            headers: { ...headers, 'content-length': Buffer.byteLength(body) },
            lookup: guarded,
            signal,
            agent: false,
          },
          (response) => {
            const status = response.statusCode ?? 0;
            resolved({ ok: status >= 200 && status < 300, status: String(status) });
            // Whatever it says beyond its status is not read.
            response.destroy();
          },
        );
        ask.on('error', (error) =>
          resolved({
            ok: false,
            status: signal.aborted ? 'timeout' : error instanceof NotAllowed ? 'not allowed' : 'unreachable',
          }),
        );
        ask.end(body);
      });
    },
  };
}
