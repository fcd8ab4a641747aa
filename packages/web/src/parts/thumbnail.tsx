import type { PhotoView } from '@hili/contract';
import { useState } from 'react';
import { Icon } from './icons.tsx';
import { originalSource } from './picture.tsx';

/** A result is shown as its own thumbnail up to this size; a larger one would cost the visitor more than it shows. */
const THUMBNAIL_BYTES = 3_000_000;

/** A photo in small: its result where there is one that any browser shows, else the original. */
export function Thumbnail({ photo }: { readonly photo: PhotoView }) {
  const { result } = photo;
  const source =
    result && result.bytes <= THUMBNAIL_BYTES && result.format !== 'tiff' ? result.url : originalSource(photo);
  const [unseen, setUnseen] = useState<string>();
  if (!source || source === unseen) return <Icon name="photo" className="size-14 text-soft" />;
  return (
    <img
      src={source}
      alt=""
      loading="lazy"
      decoding="async"
      onError={() => setUnseen(source)}
      className="print max-h-full max-w-full object-contain transition-transform [--rim:0.3rem]! group-hover:scale-[1.02]"
    />
  );
}
