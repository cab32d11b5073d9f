import { createSecretKey } from 'node:crypto';
import { firstIndexKey } from '../src/core/vault/index.ts';
import { setPepper } from '../src/kit/vault.ts';
import { testSecret } from './secret.ts';

// Pure rooms make ids without a database: they get the key that the test databases have.
setPepper(createSecretKey(firstIndexKey(testSecret)));
