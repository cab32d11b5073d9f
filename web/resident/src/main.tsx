import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { applySettings } from './app/settings.ts';
import './style.css';

applySettings();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

// After the first picture: a Chinese font in small pieces, fetched only where none is installed, and the worker that makes the page work offline.
addEventListener('load', () => {
  void import('@fontsource-variable/noto-sans-sc/wght.css');
  if ('serviceWorker' in navigator && import.meta.env.PROD)
    void navigator.serviceWorker.register('/resident/sw.js', { scope: '/resident/' }).catch(() => {
      // Forbidden by the browser: the page works as long as there is a network.
    });
});
