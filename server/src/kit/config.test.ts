import { expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

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
