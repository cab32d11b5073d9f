#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { importJWK, type JWK } from 'jose';
import { type Permission, permissions } from '../../core/access/index.ts';
import { ConfigError } from '../../kit/config.ts';
import { databaseFlags, runCommand, withDatabase } from './command.ts';
import { operatorClientId, operatorPermissions, registerPlatformClient } from './platform-clients.ts';

const usage = `Usage: node server/src/gateway/login/add-client.ts --jwks FILE [--client ${operatorClientId}] [--permission NAME]...
         [--data DIR | --database-url URL]

Registers a machine client of the platform itself by its public key (a JWK or a JWK set; ES256, ES384, RS384 or EdDSA).
Institutions' clients are registered with the institution. Without --permission it gets ${operatorPermissions.join(', ')}.`;

runCommand(async () => {
  const { values } = parseArgs({
    options: {
      client: { type: 'string', default: operatorClientId },
      jwks: { type: 'string' },
      permission: { type: 'string', multiple: true },
      ...databaseFlags,
    },
  });
  if (!values.jwks) throw new ConfigError(usage);
  const asked = values.permission ?? operatorPermissions;
  const unknown = asked.find((name) => !(permissions as readonly string[]).includes(name));
  if (unknown) throw new ConfigError(`'${unknown}' is no permission; there are ${permissions.join(', ')}`);
  const found = JSON.parse(readFileSync(values.jwks, 'utf8')) as JWK | { keys: JWK[] };
  const keys = Array.isArray((found as { keys?: unknown }).keys) ? (found as { keys: JWK[] }).keys : [found as JWK];
  for (const key of keys)
    await importJWK(key, key.alg).catch(() => {
      throw new ConfigError(`${values.jwks} holds no usable key (a JWK with its "alg")`);
    });
  await withDatabase(values, (pool) =>
    registerPlatformClient(pool, { clientId: values.client, jwks: { keys }, permissions: asked as Permission[] }),
  );
  return `${values.client} may ask for tokens with ${keys.length} key(s): ${asked.join(', ')}.`;
});
