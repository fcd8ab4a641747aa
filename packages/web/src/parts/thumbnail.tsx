import type { PhotoView, ResultView } from '@hili/contract';
import { useState } from 'react';
import { Icon } from './icons.tsx';
import { originalSource } from './picture.tsx';

/** A result is shown as its own thumbnail up to this size; a larger one would cost the visitor more than it shows. */
const THUMBNAIL_BYTES = 3_000_000;

/** Its preview; results of before there were any, and small ones, themselves. */
function smallSource({ previewUrl, url, bytes, format }: ResultView): string | undefined {
  return previewUrl ?? (bytes <= THUMBNAIL_BYTES && format !== 'tiff' ? url : undefined);
}

/** A photo in small, filling the box that it stands in (`relative`): its result where there is one that any browser shows, else the original. */
export function Thumbnail({ photo }: { readonly photo: PhotoView }) {
  const { result } = photo;
  const source = (result && smallSource(result)) ?? originalSource(photo);
  const [unseen, setUnseen] = useState<string>();
  const [loaded, setLoaded] = useState<string>();
  return (
    <span className="absolute inset-3 grid grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)] place-items-center">
      {!source || source === unseen ? (
        <Icon name="photo" className="size-14 max-w-full text-soft" />
      ) : (
        <img
          src={source}
          alt=""
          loading="lazy"
          decoding="async"
          onLoad={() => setLoaded(source)}
          onError={() => setUnseen(source)}
          className={`max-h-full max-w-full rounded-[1px] shadow-[0_3px_12px_rgb(var(--shade)/0.3)] ring-4 ring-print transition-transform group-hover:scale-[1.02] ${loaded === source ? '' : 'opacity-0'}`}
        />
      )}
    </span>
  );
}
