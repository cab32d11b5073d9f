import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const base = '/resident/';

/** Writes the service worker with the list of what the first page needs; fonts are kept when a page has fetched them. */
function serviceWorker(): Plugin {
  return {
    name: 'resident-service-worker',
    apply: 'build',
    // After Vite has taken out the chunks that held nothing but a stylesheet: one file that is not there, and the worker keeps nothing at all.
    enforce: 'post',
    generateBundle(_options, bundle) {
      const files = Object.keys(bundle)
        .filter((file) => /\.(js|css)$/.test(file))
        .sort();
      const template = readFileSync(join(import.meta.dirname, 'src/service-worker.js'), 'utf8');
      const version = createHash('sha256').update(files.join()).update(template).digest('hex').slice(0, 12);
      const kept = [base, `${base}icon.svg`, `${base}manifest.webmanifest`, ...files.map((file) => base + file)];
      this.emitFile({
        type: 'asset',
        fileName: 'sw.js',
        source: `const version = ${JSON.stringify(version)};\nconst kept = ${JSON.stringify(kept)};\n${template}`,
      });
    },
  };
}

/** `npx vite build web/resident` makes `web/resident/dist`; the server hands it out under /resident/. */
export default defineConfig({
  base,
  plugins: [react(), serviceWorker()],
  build: { target: 'es2022', assetsInlineLimit: 0, manifest: true },
});
