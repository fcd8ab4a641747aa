import { type ChangeEvent, type ComponentProps, useId } from 'react';
import { withoutLitter } from '../dropped-files.ts';
import { useFirstSpeech } from '../language.ts';
import { useSeveral } from '../queries.ts';
import { ACCEPT } from '../tray.ts';
import { useTake } from '../use-take.ts';
import { useTouch } from '../use-touch.ts';
import { button } from './button.ts';
import { Icon, type IconName } from './icons.tsx';

interface ChooserProps {
  readonly label?: string;
  readonly kind?: 'primary' | 'quiet' | 'plain';
  readonly className?: string;
  /** Called when the visitor is about to choose, before a file is there. */
  readonly onReach?: () => void;
}

/** The button that opens the file dialogue. */
export function Chooser({ label, ...props }: ChooserProps) {
  const { t } = useFirstSpeech();
  const several = useSeveral();
  // On phones the choice of several takes one tap more, also for who wants one.
  const multiple = !useTouch() || several;
  return (
    <FileButton
      {...props}
      label={label ?? t(several ? 'tray.choose' : 'home.choose')}
      icon="photo"
      accept={ACCEPT}
      multiple={multiple}
    />
  );
}

/** Other ways to photos: the camera of a phone, and a folder for those who may send several at once. */
export function MoreChoosers({ kind = 'quiet', ...props }: ChooserProps) {
  const { t } = useFirstSpeech();
  const several = useSeveral();
  const touch = useTouch();
  return (
    <>
      {/* By style, so that nothing moves when the script has come. */}
      <div className="hidden pointer-coarse:contents">
        <FileButton
          {...props}
          kind={kind}
          label={t('tray.camera')}
          icon="camera"
          accept="image/*"
          capture="environment"
        />
      </div>
      {several && !touch && (
        <FileButton {...props} kind={kind} label={t('tray.folder')} icon="folder" multiple webkitdirectory="" />
      )}
    </>
  );
}

type InputProps = Pick<ComponentProps<'input'>, 'accept' | 'multiple' | 'capture'> & { webkitdirectory?: string };

interface FileButtonProps extends ChooserProps, InputProps {
  readonly label: string;
  readonly icon: IconName;
}

/** A real file input, so that keyboard, touch and screen readers know it, drawn as a button. */
function FileButton({ label, icon, kind = 'primary', className = '', onReach, ...input }: FileButtonProps) {
  const take = useTake();
  const id = useId();
  function accept({ currentTarget }: ChangeEvent<HTMLInputElement>) {
    const files = [...(currentTarget.files ?? [])];
    // So that the same file can be chosen once more.
    currentTarget.value = '';
    void take('webkitdirectory' in input ? withoutLitter(files) : files);
  }
  return (
    <>
      <input
        {...input}
        id={id}
        type="file"
        className="peer sr-only"
        onFocus={onReach}
        onClick={onReach}
        onChange={accept}
      />
      <label
        htmlFor={id}
        className={`${button[kind]} ${kind === 'primary' ? 'hover:bg-pine-deep' : ''} peer-focus-visible:outline-3 peer-focus-visible:outline-offset-3 peer-focus-visible:outline-pine ${className}`}
      >
        <Icon name={icon} className={kind === 'primary' ? 'size-7' : 'size-5'} />
        {label}
      </label>
    </>
  );
}
