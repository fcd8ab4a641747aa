import type { PhotoView, ResultView } from '@hili/contract';
import { useState } from 'react';
import { editedSize } from '../edit.ts';
import { useSpeech } from '../language.ts';
import { localPreview } from '../upload.ts';
import { Compare } from './compare.tsx';
import { EditedPicture } from './edited-picture.tsx';
import { Icon } from './icons.tsx';
import { Frame } from './workbench.tsx';

/** Formats that every browser of the last years shows. */
const SHOWN = ['jpeg', 'png', 'webp', 'avif', 'gif', 'bmp'];

/** Addresses at which the original can be shown, best first. */
export function originalSource(photo: PhotoView): string | undefined {
  return photo.previewUrl ?? localPreview(photo.id) ?? (SHOWN.includes(photo.format) ? photo.originalUrl : undefined);
}

/** What a result is compared with: turned and cut like it. */
export const beforeSource = (photo: PhotoView, result: ResultView): string | undefined =>
  result.beforeUrl ?? originalSource(photo);

/** What is shown of a result: a large one is several hundred MB in a phone's memory, and no screen shows all of it. */
export const afterSource = ({ previewUrl, url }: ResultView): string => previewUrl ?? url;

/** Longer side of a preview, and pixels of the largest original that is opened instead: 96 MB in memory. */
const PREVIEW_SIDE = 1600;
const OPENED_PIXELS = 24_000_000;

/** The same to be looked at closely: in all its pixels if it has more than a preview, so that the result is not flattered. */
export function closeSource(photo: PhotoView, result: ResultView): string | undefined {
  const { width, height, format, originalUrl } = photo;
  const large = Math.max(width, height) > PREVIEW_SIDE && width * height <= OPENED_PIXELS && SHOWN.includes(format);
  return (!result.beforeUrl && large && originalUrl) || beforeSource(photo, result);
}

const FILL = 'absolute inset-0 size-full select-none';

/** The original as its job turns and cuts it, with a band of light passing over it while it is worked on. */
export function Original({ photo, working }: { readonly photo: PhotoView; readonly working: boolean }) {
  const { t } = useSpeech();
  const source = originalSource(photo);
  const [unseen, setUnseen] = useState<string>();
  const edit = photo.job.options;
  return (
    <Frame {...editedSize(photo, edit)}>
      <div className="print absolute inset-0 overflow-hidden bg-well">
        {source && source !== unseen ? (
          <EditedPicture
            source={source}
            edit={edit}
            alt={t('choice.alt')}
            className={FILL}
            onError={() => setUnseen(source)}
          />
        ) : (
          <Icon name="photo" className="absolute inset-0 m-auto size-16 text-soft" />
        )}
        {working && (
          <div
            aria-hidden="true"
            className="absolute inset-0 animate-sweep bg-linear-to-r from-transparent via-white/35 to-transparent motion-reduce:hidden"
          />
        )}
      </div>
    </Frame>
  );
}

interface ResultProps {
  readonly photo: PhotoView;
  readonly result: ResultView;
  readonly held: boolean;
}

/** Before and after, with the slider; only before until after has been loaded. */
export function Result({ photo, result, held }: ResultProps) {
  const { t } = useSpeech();
  const [loaded, setLoaded] = useState<string>();
  const before = beforeSource(photo, result);
  const after = afterSource(result);
  return (
    <Frame width={result.width} height={result.height}>
      <Compare
        className="print size-full bg-well"
        held={held || loaded !== after}
        after={
          <img src={after} alt={t('done.alt')} className={FILL} draggable="false" onLoad={() => setLoaded(after)} />
        }
        before={before ? <img src={before} alt="" className={FILL} draggable="false" /> : null}
      />
    </Frame>
  );
}
