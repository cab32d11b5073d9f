#!/usr/bin/env node
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { roles } from '../../core/access/index.ts';
import { openDirectory } from '../../core/directory/index.ts';
import { ConfigError } from '../../kit/config.ts';
import { removeDemoCredentials, setPassword } from './accounts.ts';
import { databaseFlags, runCommand, withDatabase } from './command.ts';
import { isAcceptablePassword, minimumPasswordLength } from './password.ts';

const usage = `Usage: node server/src/gateway/login/add-account.ts --login NAME --role ROLE [--name-zh 姓名] [--name-en NAME]
         [--institution CODE] [--must-change] [--data DIR | --database-url URL]
       node server/src/gateway/login/add-account.ts --remove-demo [--data DIR | --database-url URL]

Enters somebody into the staff directory and asks for a password on standard input (or takes the first line of it).
An account that exists gets the new password and opens again. ROLE: ${roles.join(', ')}.
--must-change: the person chooses another password at the first login.
--remove-demo: takes every demo account and the demo operator's key away.`;

/** Asks on a terminal without showing what is typed; reads one line when standard input is a pipe. */
async function askPassword(): Promise<string> {
  const terminal = process.stdin.isTTY === true;
  const reader = createInterface({ input: process.stdin, output: process.stderr, terminal });
  if (terminal) {
    process.stderr.write('Password: ');
    // readline echoes through this method; until Enter nothing may appear.
    (reader as unknown as { _writeToOutput: () => void })._writeToOutput = () => {};
  }
  for await (const line of reader) {
    reader.close();
    if (terminal) process.stderr.write('\n');
    return line;
  }
  return '';
}

runCommand(async () => {
  const { values } = parseArgs({
    options: {
      login: { type: 'string' },
      role: { type: 'string' },
      'name-zh': { type: 'string' },
      'name-en': { type: 'string' },
      institution: { type: 'string' },
      'must-change': { type: 'boolean' },
      'remove-demo': { type: 'boolean' },
      ...databaseFlags,
    },
  });
  if (values['remove-demo']) {
    const names = await withDatabase(values, removeDemoCredentials);
    return names.length > 0 ? `Taken away: ${names.join(', ')}` : 'There were none.';
  }
  const { login, role } = values;
  if (!login || !role) throw new ConfigError(usage);
  if (!/^[\w.@-]{2,60}$/.test(login)) throw new ConfigError('--login takes 2 to 60 letters, digits and . _ @ -');
  if (!(roles as readonly string[]).includes(role)) throw new ConfigError(`--role must be one of ${roles.join(', ')}`);
  return withDatabase(values, async (pool) => {
    const directory = await openDirectory(pool);
    const institution = values.institution ? directory.institutionByCode(values.institution) : undefined;
    if (values.institution && !institution) throw new ConfigError(`No institution has the code ${values.institution}`);
    const password = await askPassword();
    if (!isAcceptablePassword(password, login))
      throw new ConfigError(
        `The password needs ${minimumPasswordLength} characters or more, at least five different ones, and may not contain the login`,
      );
    const [nameZh, nameEn] = [values['name-zh'] ?? login, values['name-en'] ?? login];
    await directory.registerStaff([{ login, nameZh, nameEn, role, institution: institution?.id ?? null }]);
    await setPassword(pool, login, password, { mustChange: values['must-change'] === true });
    return `${login} may log in as ${role}.`;
  });
});
