import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localPath } from './local-path.ts';

describe('the page after the login', () => {
  it('is the one asked for when it is ours', () => {
    for (const path of ['/', '/inbox', '/inbox?state=held&q=%2F%2Fx', '/residents/r1#events', '/a//b'])
      expect(localPath(path)).toBe(path);
  });

  it('is the front page for anything that could lead elsewhere', () => {
    for (const to of [
      undefined,
      '',
      'inbox',
      '//evil.example',
      '///evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/\t/evil.example',
      '/\n/evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      '/.//evil.example',
      '/a/..//evil.example',
      '/./\\evil.example',
      ' //evil.example',
      `/${'a'.repeat(3000)}`,
    ])
      expect(localPath(to), String(to)).toBe('/');
  });

  it('is on this site for every text', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '%2f',
      '%5c',
      ':',
      '@',
      '\t',
      '\r',
      ' ',
      'evil.example',
      'https:',
      '?',
      '#',
      'a',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const path = localPath(`/${pieces.join('')}`);
        expect(new URL(path, 'https://hutong.example/login/callback').origin).toBe('https://hutong.example');
        expect(path.startsWith('/') && !path.startsWith('//')).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
