import type { PhotoView } from '@hili/contract';
import { useQueryClient } from '@tanstack/react-query';
import { meQuery, putPhoto } from './queries.ts';

/** Notes a photo that has arrived: in the list, and in the number of photos left. */
export function useArrival(): (photo: PhotoView) => void {
  const client = useQueryClient();
  return (photo) => {
    putPhoto(client, photo);
    void client.invalidateQueries(meQuery);
  };
}
