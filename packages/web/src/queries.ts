import type { ComplaintFields, MeView, PhotoView, Wish } from '@hili/contract';
import { QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  cancelJob,
  codeOf,
  deletePhoto,
  getMe,
  getPhotos,
  isActive,
  runAgain,
  sendComplaint,
  setNotice,
} from './client.ts';
import { runIdFor } from './run-ids.ts';
import { useTakenOver } from './use-taken-over.ts';

/** What the server last said lives here; `live.ts` keeps it current, so nothing is stale by age. */
export const createQueryClient = () =>
  new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, retry: 2 } } });

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: getMe });
export const photosQuery = queryOptions({ queryKey: ['photos'], queryFn: getPhotos });

/** Puts a photo as the server sees it now into the list, newest first. */
export function putPhoto(client: QueryClient, photo: PhotoView): void {
  client.setQueryData(photosQuery.queryKey, (photos) => {
    if (photos?.some(({ id }) => id === photo.id)) return photos.map((old) => (old.id === photo.id ? photo : old));
    return [photo, ...(photos ?? [])].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  });
}

export function dropPhoto(client: QueryClient, id: string): void {
  client.setQueryData(photosQuery.queryKey, (photos) => photos?.filter((photo) => photo.id !== id));
}

export const putMe = (client: QueryClient, me: MeView): void => void client.setQueryData(meQuery.queryKey, me);

export function useMe(): MeView | undefined {
  const { data } = useQuery(meQuery);
  return useTakenOver() ? data : undefined;
}

/** Whether the visitor may have several photos at once. */
export const useSeveral = (): boolean => useMe()?.batch ?? false;

/** The visitor's photos; asked for after `me`, whose answer sets the cookie that says whose photos they are. */
export function usePhotos() {
  const me = useMe();
  const { data, error } = useQuery({ ...photosQuery, enabled: me !== undefined });
  return { data: me && data, error };
}

/** A photo that the server works on now, if any. */
export const useActivePhoto = (): PhotoView | undefined => usePhotos().data?.find(({ job }) => isActive(job));

/** What a visitor does with a photo that is there already. Each call updates the list and the number of photos left. */
export function usePhotoActions(id: string) {
  const client = useQueryClient();
  const refreshMe = () => client.invalidateQueries(meQuery);
  const newestRun = () => client.getQueryData(photosQuery.queryKey)?.find((photo) => photo.id === id)?.job.id;
  const onSuccess = (photo: PhotoView) => {
    putPhoto(client, photo);
    return refreshMe();
  };
  return {
    cancel: useMutation({ mutationFn: () => cancelJob(id), onSuccess }),
    again: useMutation({ mutationFn: (wish: Wish) => runAgain(id, wish, runIdFor(id, newestRun(), wish)), onSuccess }),
    notify: useMutation({
      mutationFn: (mail: boolean) => setNotice(id, mail),
      onSuccess: (photo) => putPhoto(client, photo),
    }),
    complain: useMutation({
      mutationFn: (fields: ComplaintFields) => sendComplaint(id, fields),
      onSuccess: () => client.invalidateQueries(photosQuery),
    }),
  };
}

/** Deletes photos one after the other. One that has gone meanwhile is as good as deleted. */
export function useRemoval() {
  const client = useQueryClient();
  return useMutation({
    async mutationFn(ids: readonly string[]) {
      for (const id of ids) {
        await deletePhoto(id).catch((error) => {
          if (!['PHOTO_EXPIRED', 'PHOTO_NOT_FOUND'].includes(codeOf(error))) throw error;
        });
        dropPhoto(client, id);
      }
    },
    onSettled: () => client.invalidateQueries(meQuery),
  });
}
