import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './base.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiFailure } from './api-client.ts';
import { CrashBoundary } from './crash-boundary.tsx';
import { cssVariables, theme } from './theme.ts';

/** The page's nonce: the server allows only styles that bear it. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

// The library that holds the page still behind a dialog adds a style of its own and looks here for the nonce.
Object.assign(globalThis, { __webpack_nonce__: nonce });

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // What the server declined will be declined again; only a lost connection is worth another try.
      retry: (failures, error) =>
        error instanceof ApiFailure && error.code === 'unreachable' && failures < 3,
      staleTime: 10_000,
    },
  },
});

/** Puts an application into the page's element `root`, with everything that all of them share. */
export function mount(application: ReactNode): void {
  const root = document.getElementById('root');
  if (!root) throw new Error('Cannot mount the application: the page has no element "root"');
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        <QueryClientProvider client={queries}>
          <Notifications position="top-center" limit={4} />
          <CrashBoundary>{application}</CrashBoundary>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
