import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, projectRoot, readConfig } from './config.ts';

const secret = (): string => 's'.repeat(40);

test('flags win over variables, variables over defaults', () => {
  expect(readConfig(['--port', '9001'], { PORT: '9002' }, secret).port).toBe(9001);
  expect(readConfig([], { PORT: '9002' }, secret).port).toBe(9002);
  expect(readConfig([], {}, secret).port).toBe(8080);
});

test('outside demo mode the start is refused without a secret of at least 32 characters', () => {
  for (const HUTONG_SECRET of ['', 'secret', 'x'.repeat(31)])
    expect(() => readConfig([], { DATABASE_URL: 'postgres://somewhere/db', HUTONG_SECRET }, secret)).toThrow(
      ConfigError,
    );
  expect(readConfig([], { DATABASE_URL: 'postgres://somewhere/db', HUTONG_SECRET: 'x'.repeat(32) }, secret).demo).toBe(
    false,
  );
});

test('a value that cannot be used is named', () => {
  expect(() => readConfig(['--port', 'eighty'], {}, secret)).toThrow(/--port .*'eighty'/);
  expect(() => readConfig(['--demo', 'perhaps'], {}, secret)).toThrow(/--demo/);
  expect(() => readConfig(['--prot', '1'], {}, secret)).toThrow(ConfigError);
});

test('files for TLS are read at the start: what cannot be used is told then', () => {
  const fixture = (name: string): string => resolve(projectRoot, 'journeys/fixtures/mllp-tls', name);
  const tls = (...names: string[]): string[] => [
    '--city',
    'no',
    ...names.flatMap((name, at) => [
      ['--mllp-tls-key', '--mllp-tls-cert', '--mllp-tls-ca'][at] as string,
      fixture(name),
    ]),
  ];
  expect(readConfig([], {}, secret).mllpTls).toBeNull();
  expect(readConfig(tls('server.key', 'server.pem'), {}, secret).mllpTls).toMatchObject({ ca: null });
  expect(readConfig(tls('server.key', 'server.pem', 'ca.pem'), {}, secret).mllpTls?.ca).toContain('CERTIFICATE');
  for (const [names, sentence] of [
    [['server.key'], /belong together/],
    [['nowhere.key', 'server.pem'], /cannot be read/],
    [['tls1.key', 'server.pem'], /cannot be used/],
    [['server.key', 'server.pem', 'SOURCE.md'], /no certificate of an authority/],
  ] as const)
    expect(() => readConfig(tls(...names), {}, secret), names.join()).toThrow(sentence);
  expect(() => readConfig(tls('server.key', 'server.pem').slice(2), {}, secret)).toThrow(/--city no/);
});
