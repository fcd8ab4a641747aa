import type { ClaimAnswer, ClaimLink, ClaimView, InviteView, RebateView } from '@hili/contract';
import { API } from '@hili/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { request } from './client.ts';
import { meQuery } from './queries.ts';

/** The moment of the last word about the visitor: the server sends one whenever something of theirs has changed. */
const useNews = () => {
  const { data, dataUpdatedAt } = useQuery(meQuery);
  return { kind: data?.kind, at: dataUpdatedAt };
};

/** The visitor's invites, kept current. */
export function useInvites() {
  const { kind, at } = useNews();
  return useQuery({
    queryKey: ['invites', kind, at],
    queryFn: () => request<InviteView>('GET', '/invites'),
    enabled: kind !== undefined,
    placeholderData: keepPreviousData,
  });
}

/** The user's rebates, kept current; none for a guest. */
export function useRebates() {
  const { kind, at } = useNews();
  return useQuery({
    queryKey: ['rebates', kind, at],
    queryFn: () => request<RebateView[]>('GET', '/rebates'),
    enabled: kind === 'user',
    placeholderData: keepPreviousData,
  });
}

export const openClaim = () => request<ClaimLink>('POST', '/rebates/claims');
/** A code for a rebate whose money waits in WeChat. */
export const openAcceptance = (id: string) => request<ClaimLink>('POST', `/rebates/${id}/claims`);
export const getClaim = (token: string) => request<ClaimView>('GET', `/claims/${encodeURIComponent(token)}`);
/** The address that leads by WeChat, which says who opened it, back to the claim. */
export const wayToWechat = (token: string) => `${API}/claims/${encodeURIComponent(token)}/wechat`;
export const confirmByWechat = (token: string) => request<void>('POST', `/claims/${encodeURIComponent(token)}/wechat`);
export const confirmClaim = (token: string, answer: ClaimAnswer) =>
  request<void>('POST', `/claims/${encodeURIComponent(token)}`, answer);
