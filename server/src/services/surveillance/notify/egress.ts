/** Where the platform may call out to: origins (scheme, host, port) that the operator has named. Compared after parsing, never as text. */
export type Egress = { origins: string[]; allows(url: string): boolean };

export function openEgress(list: readonly string[]): Egress {
  const origins = list.map((one) => new URL(one).origin);
  return {
    origins,
    allows(url) {
      if (!URL.canParse(url)) return false;
      const { origin, protocol, username, password } = new URL(url);
      return /^https?:$/.test(protocol) && username === '' && password === '' && origins.includes(origin);
    },
  };
}
