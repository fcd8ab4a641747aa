import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { meQuery } from './queries.ts';
import { take } from './tray.ts';

/** Takes files from the visitor's hand and shows them on the desk: as many as the visitor may have at once. */
export function useTake(): (files: readonly File[]) => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useCallback(
    async (files) => {
      if (files.length === 0) return;
      const me =
        client.getQueryData(meQuery.queryKey) ??
        // One photo needs no right. Several are asked for once: without an answer the first is taken.
        (files.length > 1 ? await client.fetchQuery({ ...meQuery, retry: 0 }).catch(() => undefined) : undefined);
      take(files, me?.batch ?? false);
      await navigate({ to: '/' });
    },
    [client, navigate],
  );
}
