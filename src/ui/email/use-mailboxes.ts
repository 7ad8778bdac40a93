import { useQuery } from '@tanstack/react-query';
import { server } from '#ui/live/server.ts';

/** How every mailbox fares, read again every five seconds. */
export const useMailboxes = () =>
  useQuery({
    queryKey: ['mailboxes'],
    queryFn: () => server.listMailboxes(),
    refetchInterval: 5_000,
    staleTime: 0,
  });
