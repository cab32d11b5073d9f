import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attempt } from './accounts.ts';
import { askToken, assertion, keyPair, openTestCity, type TestCity } from './test-city.ts';

let city: TestCity;
beforeAll(async () => {
  city = await openTestCity();
});
afterAll(() => city.close());

const run = (
  flags: string[],
  password = '',
  command = 'add-account.ts',
): Promise<{ code: number | null; out: string; err: string }> =>
  new Promise((done) => {
    const child = spawn(process.execPath, [
      join(import.meta.dirname, command),
      ...flags,
      '--database-url',
      city.config.databaseUrl ?? '',
    ]);
    let out = '';
    let err = '';
    child.stdout.on('data', (part) => {
      out += part;
    });
    child.stderr.on('data', (part) => {
      err += part;
    });
    child.on('close', (code) => done({ code, out, err }));
    child.stdin.end(`${password}\n`);
  });

describe('the commands for the first account and client', () => {
  it('makes an account that can log in, without showing the password', async () => {
    const password = '山高水长 Feng-2026';
    const { code, out, err } = await run(
      ['--login', 'chen', '--role', 'operator', '--name-zh', '陈', '--institution', 'H1'],
      password,
    );
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe('chen may log in as operator.\n');
    expect(await attempt(city.pool, 'chen', password)).toEqual({ outcome: 'right', known: true });
    await city.directory.refresh();
    expect(city.directory.staff('chen')).toMatchObject({
      role: 'operator',
      nameZh: '陈',
      institution: city.directory.institutionByCode('H1')?.id,
    });
  });

  it('refuses a weak password, an unknown role and an unknown institution', async () => {
    expect(await run(['--login', 'weak', '--role', 'auditor'], 'short')).toMatchObject({
      code: 2,
      err: expect.stringContaining('12 characters'),
    });
    expect(await run(['--login', 'weak', '--role', 'king'], 'a long enough one')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--role'),
    });
    expect(
      await run(['--login', 'weak', '--role', 'auditor', '--institution', 'H9'], 'a long enough one'),
    ).toMatchObject({ code: 2, err: expect.stringContaining('H9') });
    expect(await run(['--nonsense'])).toMatchObject({ code: 2 });
    expect((await attempt(city.pool, 'weak', 'a long enough one')).known).toBe(false);
  });

  it('takes the demo accounts away', async () => {
    expect(await run(['--remove-demo'])).toEqual({ code: 0, out: 'Taken away: gone, lin, operator, zhao\n', err: '' });
    expect(await run(['--remove-demo'])).toEqual({ code: 0, out: 'There were none.\n', err: '' });
  });

  it('registers a platform client by its public key alone', async () => {
    const key = await keyPair('ES256');
    const file = join(city.config.dataDir, 'registrar.json');
    writeFileSync(file, JSON.stringify({ keys: [key] }));
    const flags = ['--client', 'registrar', '--jwks', file];
    expect(await run([...flags, '--permission', 'everything'], '', 'add-client.ts')).toMatchObject({ code: 2 });
    expect(await run([...flags, '--permission', 'directory.write'], '', 'add-client.ts')).toMatchObject({ code: 0 });
    const { rows } = await city.pool.query("select jwks, demo from gateway.client where client_id = 'registrar'");
    expect(rows).toEqual([{ demo: false, jwks: { keys: [expect.not.objectContaining({ d: key.d })] } }]);
    const { status, body } = await askToken(city, await assertion(city, 'registrar', key));
    expect(status).toBe(200);
    const headers = { authorization: `Bearer ${body.access_token}` };
    const answer = await fetch(`${city.url}/api/directory/probe`, { method: 'POST', headers });
    expect(await answer.json()).toMatchObject({ id: 'registrar', permissions: ['directory.write'] });
  });
});
