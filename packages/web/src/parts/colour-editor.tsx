import { Dialog } from '@base-ui/react/dialog';
import type { PhotoView, ResultView } from '@hili/contract';
import { useState } from 'react';
import { codeOf } from '../client.ts';
import { useSpeech } from '../language.ts';
import { coloured, coloursOf, type Mark, marksOf, sameColours, without } from '../marks.ts';
import { usePhotoActions } from '../queries.ts';
import { ColourChoice } from './colour-choice.tsx';
import { ColourStage } from './colour-stage.tsx';
import { Layer } from './layer.tsx';
import { ProblemNote } from './problem-note.tsx';

interface ColourEditorProps {
  readonly photo: PhotoView;
  readonly result: ResultView;
  readonly onClose: () => void;
}

const TOOL =
  'inline-flex min-h-12 items-center justify-center rounded-full px-4 font-semibold hover:bg-white/15 whitespace-nowrap sm:px-5';

/** Where the colours are wrong, and what they are in truth, over the whole window. */
export default function ColourEditor(props: ColourEditorProps) {
  const { t } = useSpeech();
  return (
    <Dialog.Root open onOpenChange={(open) => !open && props.onClose()}>
      <Layer onBack={props.onClose} />
      <Dialog.Portal>
        <Dialog.Popup className="fixed inset-0 z-50 flex flex-col overflow-y-auto bg-[#14110e] text-white [--pine:#9ad3bc] [color-scheme:dark]">
          <Dialog.Title className="px-4 pt-3 text-center text-xl flat:sr-only">{t('colours.title')}</Dialog.Title>
          <Dialog.Description className="mx-auto max-w-2xl px-4 pt-1 text-center text-base text-balance text-white/80 flat:sr-only">
            {t('colours.how')}
          </Dialog.Description>
          <Editor {...props} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Editor({ photo, result }: ColourEditorProps) {
  const { t } = useSpeech();
  const { again } = usePhotoActions(photo.id);
  const { recipe, options } = photo.job;
  const [marks, setMarks] = useState(() => marksOf(options.colours));
  const [chosen, setChosen] = useState<number>();
  const mark = marks.find(({ key }) => key === chosen);
  const colours = coloursOf(marks);
  function change(next: readonly Mark[], key: number | undefined) {
    setMarks(next);
    setChosen(key);
  }
  return (
    <div className="flex min-h-0 grow flex-col flat:flex-row">
      <div className="m-4 grid min-h-56 grow [container-type:size] sm:mx-8">
        <ColourStage result={result} marks={marks} chosen={mark?.key} onChange={change} />
      </div>
      <div className="flex flex-col gap-2 px-4 pb-4 sm:items-center sm:gap-3 flat:w-84 flat:justify-center flat:pt-4">
        <ColourChoice
          mark={mark}
          onColour={(colour) => mark && setMarks(coloured(marks, mark.key, colour))}
          onRemove={() => mark && change(without(marks, mark.key), undefined)}
        />
        {again.error && (
          <div className="text-ink">
            <ProblemNote code={codeOf(again.error)} />
          </div>
        )}
        <p className="text-center text-sm text-balance text-white/80 sm:text-base">
          {photo.rerunsLeft > 0 ? t('again.free', { count: photo.rerunsLeft }) : t('again.charge')}
        </p>
        <div className="flex flex-wrap items-center justify-center gap-2">
          <Dialog.Close className={TOOL}>{t('edit.cancel')}</Dialog.Close>
          <button
            type="button"
            className="inline-flex min-h-12 items-center justify-center rounded-full bg-[#9ad3bc] px-6 text-base font-semibold sm:px-8 sm:text-lg text-[#10261e] enabled:hover:bg-[#b7e3d0] disabled:opacity-50"
            disabled={again.isPending || sameColours(colours, options.colours)}
            // Not noted as the wish that the next photo begins with: the places are of this one.
            onClick={() => again.mutate({ ...options, recipe, colours: [...colours] })}
          >
            {t('colours.again')}
          </button>
        </div>
      </div>
    </div>
  );
}
