import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `npx vite build web/console` makes `web/console/dist`; the server hands these files out and falls back to index.html. */
export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    // Font subsets stay files of their own: a page loads only those whose characters it shows.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    // bundle.test.ts reads it to know what the first page needs.
    manifest: true,
  },
});
