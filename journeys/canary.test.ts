import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeResidentNumber } from '@hutong/china';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, expect, test } from 'vitest';
import { MllpClient } from '../server/src/border/hl7v2/index.ts';
import { clientToken, freePort } from '../server/test/platform.ts';

const folder = mkdtempSync(join(tmpdir(), 'hutong-canary-'));
chmodSync(folder, 0o711);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const canaryName = '鸚鵡金絲雀';
const canaryNumber = makeResidentNumber({ areaCode: '500999', birthDate: '1977-07-07', sequence: 777 });
const canaryPhone = '12999977777';

/** Everything below a folder that is text the server itself wrote: logs, not the database's own files. */
const logsIn = (dir: string): string[] =>
  readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    if (statSync(path).isDirectory()) return name === 'pg' ? [] : logsIn(path);
    return [path];
  });

test('a canary name, number and phone appear in no log, however loud, and number and phone in no file of the database', async () => {
  const port = await freePort();
  const mllpPort = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const child = spawn(
    process.execPath,
    [
      'server/src/main.ts',
      '--city',
      'no',
      '--port',
      String(port),
      '--mllp-port',
      String(mllpPort),
      '--data',
      folder,
      '--log-level',
      'trace',
      '--public-url',
      base,
    ],
    {
      cwd: join(import.meta.dirname, '..'),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_ENV: 'test' },
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  try {
    for (let wait = 0; wait < 600 && !output.includes('Ready in'); wait++)
      await new Promise((done) => setTimeout(done, 100));
    expect(output).toContain('Ready in');
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const operator = JSON.parse(readFileSync(join(folder, 'keys/operator.jwk.json'), 'utf8'));
    await fetch(`${base}/api/directory/institutions`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await clientToken(base, 'operator', operator, '')}`,
      },
      body: JSON.stringify({
        institutions: [
          {
            code: 'CANARY',
            nameZh: '测试',
            nameEn: 'Test',
            tier: 1,
            kind: 'hospital',
            area: '500112',
            senders: [
              { protocol: 'hl7v2-mllp', facility: 'CANARY' },
              {
                protocol: 'fhir',
                clientId: 'canary',
                jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: '1', alg: 'ES256', use: 'sig' }] },
              },
            ],
          },
        ],
      }),
    });
    const token = await clientToken(base, 'canary', { ...(await exportJWK(privateKey)), kid: '1' }, 'system/*.cruds');
    const mllp = new MllpClient({ host: '127.0.0.1', port: mllpPort });
    const message = (control: string, birth: string): Buffer =>
      Buffer.from(
        `MSH|^~\\&|HIS|CANARY|HUTONG|CQ|20261101080000+0800||ADT^A04|${control}|P|2.5.1|||||CHN|UNICODE UTF-8\rPID|1||C1^^^CANARY^MR~${canaryNumber}^^^^NI||${canaryName}||${birth}|M|||${canaryName}路1号||${canaryPhone}\rPV1|1|O|||||||||||||||||V${control}\r`,
      );
    expect((await mllp.send(message('1', '19770707'))).toString()).toContain('MSA|AA');
    expect((await mllp.send(message('2', '20770707'))).toString()).toContain('MSA|AE');
    expect((await mllp.send(Buffer.from(`rubbish ${canaryName}`))).toString()).toContain('MSA|AR');
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' };
    const post = (path: string, body: string, more: Record<string, string> = {}): Promise<Response> =>
      fetch(`${base}${path}`, { method: 'POST', headers: { ...headers, ...more }, body });
    await post(
      '/fhir/Patient',
      JSON.stringify({ resourceType: 'Patient', name: [{ text: canaryName }], gender: canaryName }),
    );
    await post('/fhir', `{"broken ${canaryName}`);
    await post('/documents', `<ClinicalDocument>${canaryName}</`, { 'content-type': 'application/xml' });
    await post('/api/residents/search', JSON.stringify({ query: canaryName }));
    await fetch(
      `${base}/fhir/Patient?name=${encodeURIComponent(canaryName)}&identifier=${canaryNumber}&nonsense=${canaryPhone}`,
      { headers },
    );
    await fetch(`${base}/nowhere/${encodeURIComponent(canaryName)}/${canaryNumber}`);
    await mllp.close();
  } finally {
    child.kill('SIGINT');
    await new Promise((done) => child.once('close', done));
  }
  const text = [
    output,
    ...logsIn(folder)
      .filter((path) => existsSync(path))
      .map((path) => readFileSync(path, 'utf8')),
  ].join('\n');
  expect(text.length).toBeGreaterThan(1000);
  for (const secret of [canaryName, encodeURIComponent(canaryName), canaryNumber, canaryPhone])
    expect(text.includes(secret)).toBe(false);

  // The database's own files, write-ahead log included: what a stolen disk or a copied backup would give away.
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(500);
  const inClear = files.filter((entry) => {
    const bytes = readFileSync(join(entry.parentPath, entry.name));
    return bytes.includes(canaryNumber) || bytes.includes(canaryPhone);
  });
  expect(inClear.map(({ parentPath, name }) => join(parentPath, name))).toEqual([]);
});
