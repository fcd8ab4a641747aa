import { OUTPUT_FORMATS, type Wish } from '@hili/contract';
import { useSpeech } from '../language.ts';
import { LOSSY } from '../wishes.ts';
import { NumberField } from './number-field.tsx';
import { Select } from './select.tsx';

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
    <div className="flex gap-3">
      <div className="min-w-0 grow-3">
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
      </div>
      {chosen && LOSSY.includes(chosen) && (
        <div className="w-32 shrink-0">
          <NumberField
            label={t('choice.quality')}
            unit="/ 100"
            value={quality}
            min={1}
            max={100}
            onChange={(next) => onChange({ ...rest, format: chosen, ...(next !== QUALITY && { quality: next }) })}
          />
        </div>
      )}
    </div>
  );
}
