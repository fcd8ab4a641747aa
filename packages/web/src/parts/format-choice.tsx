import { OUTPUT_FORMATS, type Wish } from '@hili/contract';
import { useSpeech } from '../language.ts';
import { LOSSY } from '../wishes.ts';
import { Select } from './select.tsx';
import { Slider } from './slider.tsx';

interface FormatChoiceProps {
  readonly value: Wish;
  readonly onChange: (wish: Wish) => void;
}

/** What the engine takes unless told otherwise. */
const QUALITY = 92;

/** File type of the result, and the quality of those that lose something. */
export function FormatChoice({ value, onChange }: FormatChoiceProps) {
  const { t } = useSpeech();
  const { format: chosen, quality = QUALITY, ...rest } = value;
  return (
    <>
      <Select
        label={t('choice.format')}
        value={chosen ?? 'auto'}
        onChange={(text) => {
          const format = OUTPUT_FORMATS.find((one) => one === text);
          onChange({ ...rest, ...(format && { format }), ...(quality !== QUALITY && { quality }) });
        }}
      >
        {(['auto', ...OUTPUT_FORMATS] as const).map((format) => (
          <option key={format} value={format}>
            {t(`choice.formats.${format}`)}
          </option>
        ))}
      </Select>
      {chosen && LOSSY.includes(chosen) && (
        <Slider
          label={t('choice.quality.name')}
          value={quality}
          {...{ min: 1, max: 100, step: 1 }}
          text={String(quality)}
          ends={[t('choice.quality.least'), t('choice.quality.most')]}
          onChange={(next) => onChange({ ...rest, format: chosen, ...(next !== QUALITY && { quality: next }) })}
        />
      )}
    </>
  );
}
