import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { ConfigProvider } from 'antd';
import { StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { currentLanguage, useLanguage } from './app/language.ts';
import { motionIsUnwelcome } from './app/motion.ts';
import { router } from './app/router.tsx';
import { queryClient } from './app/session.ts';
import { antdTheme, publishColours } from './app/theme.ts';
// A list of subsets; the browser fetches only those whose characters no installed font can draw.
import '@fontsource-variable/noto-sans-sc/wght.css';
import './app/ground.css';
import './app/parts.css';

publishColours(document.documentElement);
document.documentElement.lang = currentLanguage();

const theme = motionIsUnwelcome() ? { ...antdTheme, token: { ...antdTheme.token, motion: false } } : antdTheme;

function App() {
  const language = useLanguage();
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    // No locale of the library: every text it shows is handed to it by the screen that uses it.
    <ConfigProvider theme={theme} button={{ autoInsertSpace: false }}>
      <RouterProvider router={router} />
    </ConfigProvider>
  );
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
