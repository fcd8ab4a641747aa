import { Dialog } from '@base-ui/react/dialog';
import { MAX_STRAIGHTEN } from '@hili/contract';
import { useId, useState } from 'react';
import { ASPECTS, type Aspect, ratioOf } from '../aspects.ts';
import { type Edit, edited, isPlain, type Size, turnedBy, turnedSize } from '../edit.ts';
import { degrees } from '../format.ts';
import { cropOf, type Frame, frameOf, reshaped } from '../frame.ts';
import { useSpeech } from '../language.ts';
import { CropStage } from './crop-stage.tsx';
import { usePictureSize } from './edited-picture.tsx';
import { Icon, type IconName } from './icons.tsx';
import { Layer } from './layer.tsx';

interface PhotoEditorProps {
  /** Address of the upright picture, in a format that browsers show. */
  readonly source: string;
  readonly value: Edit;
  /** Called once, when the visitor is done. */
  readonly onChange: (edit: Edit) => void;
  /** Called after that, and when they leave it as it was. */
  readonly onClose: () => void;
}

const TOOL =
  'inline-flex min-h-11 min-w-11 items-center justify-center gap-2 rounded-full px-4 font-semibold hover:bg-white/15 disabled:opacity-40 whitespace-nowrap max-sm:px-2 max-sm:text-sm flat:px-2';

/** Turns, straightens and cuts a photo, over the whole window. */
export default function PhotoEditor(props: PhotoEditorProps) {
  const { t } = useSpeech();
  const size = usePictureSize(props.source);
  return (
    <Dialog.Root open onOpenChange={(open) => !open && props.onClose()}>
      <Layer onBack={props.onClose} />
      <Dialog.Portal>
        <Dialog.Popup className="fixed inset-0 z-50 flex flex-col overflow-y-auto bg-[#14110e] text-white [--pine:#9ad3bc] [color-scheme:dark]">
          <Dialog.Title className="px-4 pt-3 text-center text-xl flat:sr-only">{t('edit.title')}</Dialog.Title>
          <Dialog.Description className="px-4 pt-1 text-center text-base text-white/80 flat:sr-only">
            {t('edit.how')}
          </Dialog.Description>
          {size && <Editor {...props} size={size} />}
          {size === null && <Unseen />}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Unseen() {
  const { t } = useSpeech();
  return (
    <div className="grid grow place-content-center justify-items-center gap-4 p-6">
      <p role="alert">{t('edit.broken')}</p>
      <Dialog.Close className={TOOL}>{t('edit.cancel')}</Dialog.Close>
    </div>
  );
}

function Editor({ source, value, onChange, onClose, size }: PhotoEditorProps & { readonly size: Size }) {
  const { t } = useSpeech();
  const [edit, setEdit] = useState(value);
  const [aspect, setAspect] = useState<Aspect>('free');
  /** The frame as it was last dragged: choosing one shape after another starts from it each time. */
  const [base, setBase] = useState<Frame>();
  const [fine, setFine] = useState(false);
  const turned = turnedSize(size, edit);
  const straighten = edit.straighten ?? 0;
  const frame = frameOf(turned, edit);
  const ratio = ratioOf(aspect, turned.width / turned.height, frame);
  const cut = (next: Frame) => setEdit(edited({ ...edit, crop: cropOf(turned, next, straighten) } as Edit));

  function shape(next: Aspect) {
    const from = base ?? frame;
    setAspect(next);
    setBase(from);
    const wanted = ratioOf(next, turned.width / turned.height, from);
    cut(wanted ? reshaped(turned, straighten, from, wanted) : from);
  }
  function turn(by: 90 | -90) {
    setEdit(turnedBy(edit, by));
    setBase(undefined);
    // A passport photo that lies on its side is none any more.
    if (aspect === 'passport') setAspect('free');
  }
  function level(degrees: number) {
    const angle = Math.round(10 * Math.max(-MAX_STRAIGHTEN, Math.min(MAX_STRAIGHTEN, degrees))) / 10;
    setEdit(edited({ ...edit, straighten: angle } as Edit));
    setBase(undefined);
  }
  function reset() {
    setEdit({});
    setAspect('free');
    setBase(undefined);
  }
  const tool = (icon: IconName, label: string, act: () => void) => (
    <button type="button" className={`${TOOL} px-2.5`} onClick={act} title={label}>
      <Icon name={icon} />
      <span className="max-sm:sr-only flat:sr-only">{label}</span>
    </button>
  );
  return (
    <div className="flex min-h-0 grow flex-col flat:flex-row">
      <div className="mx-9 my-8 grid min-h-40 grow [container-type:size]">
        <CropStage
          {...{ source, size, edit, ratio, fine }}
          onFrame={(next) => {
            setBase(next);
            cut(next);
          }}
        />
      </div>
      <div className="flex flex-col gap-2 px-4 pb-4 sm:items-center flat:w-84 flat:justify-center flat:pt-4">
        <Level value={straighten} onChange={level} onUse={setFine} />
        <div className="flex max-w-full items-center justify-center gap-1 sm:gap-3 flat:gap-1">
          {tool('turnLeft', t('edit.turnLeft'), () => turn(-90))}
          {tool('turnRight', t('edit.turnRight'), () => turn(90))}
          <label className="ms-2 flex min-w-0 items-center gap-2">
            <span className="whitespace-nowrap">{t('edit.shape')}</span>
            <select
              value={aspect}
              onChange={(event) => shape(event.currentTarget.value as Aspect)}
              className="min-h-11 min-w-0 grow rounded-xl border border-white/50 bg-[#14110e] px-3"
            >
              {ASPECTS.map((key) => (
                <option key={key} value={key}>
                  {t(`edit.shapes.${key}`)}
                </option>
              ))}
            </select>
          </label>
        </div>
        <div className="flex flex-wrap items-center justify-center gap-1 sm:gap-2">
          <button type="button" className={TOOL} onClick={reset} disabled={isPlain(edit)}>
            {t('edit.reset')}
          </button>
          <Dialog.Close className={TOOL}>{t('edit.cancel')}</Dialog.Close>
          <button
            type="button"
            className="inline-flex min-h-12 items-center justify-center rounded-full bg-[#9ad3bc] px-6 text-base sm:px-8 sm:text-lg font-semibold text-[#10261e] hover:bg-[#b7e3d0]"
            onClick={() => {
              onChange(edit);
              onClose();
            }}
          >
            {t('edit.done')}
          </button>
        </div>
      </div>
    </div>
  );
}

interface LevelProps {
  /** Degrees clockwise. */
  readonly value: number;
  readonly onChange: (degrees: number) => void;
  readonly onUse: (used: boolean) => void;
}

/** The slider that straightens, with a step of half a degree either way beside it. */
function Level({ value, onChange, onUse }: LevelProps) {
  const { t, language } = useSpeech();
  const id = useId();
  const text = degrees(language, value);
  const step = (icon: 'minus' | 'plus', by: number) => (
    <button
      type="button"
      className={`${TOOL} px-2.5`}
      onClick={() => onChange(value + by)}
      aria-label={t(by < 0 ? 'edit.back' : 'edit.clockwise')}
    >
      <Icon name={icon} />
    </button>
  );
  return (
    <div className="w-full max-w-2xl">
      <label htmlFor={id} className="flex justify-center gap-2">
        {t('edit.straighten')} <output className="min-w-14 font-semibold tabular-nums">{text}</output>
      </label>
      <div className="flex items-center gap-1">
        {step('minus', -0.5)}
        <input
          id={id}
          type="range"
          min={-MAX_STRAIGHTEN}
          max={MAX_STRAIGHTEN}
          step="0.1"
          value={value}
          aria-valuetext={text}
          onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
          onFocus={() => onUse(true)}
          onBlur={() => onUse(false)}
          className="slide min-w-0 grow -outline-offset-1 [--edge:#857868] [--sheet:#211c17]"
        />
        {step('plus', 0.5)}
      </div>
    </div>
  );
}
