import { OUTPUT_FORMATS, type Wish } from '@hili/contract';
import { useSpeech } from '../language.ts';
import { useMe } from '../queries.ts';

interface OutputChoiceProps {
  readonly value: Wish;
  readonly onChange: (wish: Wish) => void;
}

const SELECT = 'mt-1 min-h-12 w-full rounded-xl border border-edge bg-sheet px-3 text-ink';

/** Size and file type of the result; folded away, since the defaults suit nearly everybody. */
export function OutputChoice({ value, onChange }: OutputChoiceProps) {
  const { t } = useSpeech();
  const guest = useMe()?.kind === 'guest';
  const { scale: _scale, ...withoutScale } = value;
  const { format: _format, ...withoutFormat } = value;
  return (
    <details className="group">
      <summary className="min-h-11 rounded-lg py-2 text-soft hover:text-ink">{t('choice.more')}</summary>
      <div className="grid gap-4 pt-2 pb-1">
        {value.recipe !== 'bg' && (
          <label className="block">
            {t('choice.size')}
            <select
              className={SELECT}
              value={value.scale ?? 'auto'}
              onChange={(event) => {
                const chosen = event.currentTarget.value;
                onChange(chosen === 'auto' ? withoutScale : { ...value, scale: Number(chosen) as 1 | 2 | 4 });
              }}
            >
              {(['auto', '1', '2', '4'] as const).map((scale) => (
                <option key={scale} value={scale}>
                  {t(`choice.sizes.${scale}`)}
                </option>
              ))}
            </select>
          </label>
        )}
        <label className="block">
          {t('choice.format')}
          <select
            className={SELECT}
            value={value.format ?? 'auto'}
            onChange={(event) => {
              const chosen = OUTPUT_FORMATS.find((format) => format === event.currentTarget.value);
              onChange(chosen ? { ...value, format: chosen } : withoutFormat);
            }}
          >
            {(['auto', ...OUTPUT_FORMATS] as const).map((format) => (
              <option key={format} value={format}>
                {t(`choice.formats.${format}`)}
              </option>
            ))}
          </select>
        </label>
        {guest && <p className="text-sm text-soft">{t('choice.limit')}</p>}
      </div>
    </details>
  );
}
