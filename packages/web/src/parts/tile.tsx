import { putAside } from '../dispatch.ts';
import { percent } from '../format.ts';
import { useSpeech } from '../language.ts';
import { problemKeys } from '../problems.ts';
import type { TrayPhoto } from '../tray.ts';
import { button } from './button.ts';
import { EditButton } from './edit-button.tsx';
import { EditedPicture } from './edited-picture.tsx';
import { Icon } from './icons.tsx';

/** One of several chosen photos: how it looks, what it is called, and what can be done with it. */
export function Tile({ photo }: { readonly photo: TrayPhoto }) {
  const { t } = useSpeech();
  const { key, name, problem } = photo;
  return (
    <li className="flex flex-col overflow-hidden rounded-2xl border border-line bg-sheet">
      <div className="grid aspect-4/3 place-items-center overflow-hidden bg-well p-3">
        <Small photo={photo} />
      </div>
      <p className="grow px-3 pt-2 text-base/snug">
        <span className="block truncate" title={name}>
          {name}
        </span>
        {problem && <span className="block text-rust">{t(problemKeys(problem).title)}</span>}
      </p>
      <div className="flex justify-end px-1 pb-1">
        <EditButton photo={photo} kind="icon" />
        <button
          type="button"
          className={button.icon}
          aria-label={t('tray.remove', { name })}
          onClick={() => putAside(key)}
        >
          <Icon name="close" />
        </button>
      </div>
    </li>
  );
}

/** The photo small; a drawing until there is a picture. */
export function Small({ photo }: { readonly photo: TrayPhoto }) {
  const { language } = useSpeech();
  const { thumbnail, edit, problem, state, sent, url } = photo;
  // A small part of a small picture would be blurred.
  const source = edit.crop && edit.crop.width * edit.crop.height < 0.5 ? url : thumbnail;
  if (source) return <EditedPicture source={source} edit={edit} alt="" className="size-full min-h-0 object-contain" />;
  const coming = !url && !problem && state === 'chosen' && sent > 0;
  return (
    <span className="grid justify-items-center gap-1 text-sm text-soft tabular-nums">
      <Icon name={problem ? 'notice' : 'photo'} className="size-10" />
      {coming && percent(language, sent)}
    </span>
  );
}
