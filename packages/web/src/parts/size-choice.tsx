import { MAX_RESULT_SIDE, PRINT_MM, type Wish } from '@hili/contract';
import { useId, useState } from 'react';
import type { Size } from '../edit.ts';
import { useSpeech } from '../language.ts';
import { useMe } from '../queries.ts';
import { PAPERS, resultSize, sideLimit } from '../wishes.ts';
import { NumberField } from './number-field.tsx';
import { Select } from './select.tsx';

interface SizeChoiceProps {
  readonly value: Wish;
  readonly onChange: (wish: Wish) => void;
  readonly picture: Size | undefined;
}

const SCALES = ['auto', '1', '2', '4'] as const;
type Paper = keyof typeof PAPERS;

const paperOf = (print: NonNullable<Wish['print']>) =>
  (Object.keys(PAPERS) as Paper[]).find((paper) => String(PAPERS[paper]) === String(print));

/** How a wish's size stands in the list. */
function chosenOf({ scale, longEdge, print }: Wish): string {
  if (print) return paperOf(print) ?? 'paper';
  return longEdge ? 'side' : String(scale ?? 'auto');
}

/** How large the result becomes: so many times the photo, so many pixels, or to fit a print. */
export function SizeChoice({ value, onChange, picture }: SizeChoiceProps) {
  const { t } = useSpeech();
  const limitId = useId();
  const me = useMe();
  const limit = me ? sideLimit(me) : MAX_RESULT_SIDE;
  // Own paper stays chosen while its sides happen to be those of a named one.
  const [own, setOwn] = useState(false);
  const { scale: _scale, longEdge, print, ...rest } = value;
  const chosen = own && print ? 'paper' : chosenOf(value);
  const size = picture && resultSize(picture, value, limit);
  const free = picture && resultSize(picture, value, Number.POSITIVE_INFINITY);
  const reduced = size && free && size.width < free.width;

  function choose(next: string) {
    setOwn(next === 'paper');
    if (next === 'side') {
      const twice = picture ? 2 * Math.max(picture.width, picture.height) : limit;
      onChange({ ...rest, longEdge: longEdge ?? Math.min(limit, twice) });
    } else if (next === 'paper') onChange({ ...rest, print: print ?? PAPERS['10x15'] });
    else if (next in PAPERS) onChange({ ...rest, print: PAPERS[next as Paper] });
    else onChange(next === 'auto' ? rest : { ...rest, scale: Number(next) as 1 | 2 | 4 });
  }
  const side = (at: 0 | 1) => (
    <NumberField
      label={t(at === 0 ? 'choice.paperWidth' : 'choice.paperHeight')}
      unit="mm"
      value={print?.[at] ?? PRINT_MM.least}
      {...{ min: PRINT_MM.least, max: PRINT_MM.most }}
      onChange={(mm) => print && onChange({ ...rest, print: at === 0 ? [mm, print[1]] : [print[0], mm] })}
    />
  );
  return (
    <div className="grid gap-3">
      <Select label={t('choice.size')} value={chosen} onChange={choose} aria-describedby={limitId}>
        {SCALES.map((scale) => (
          <option key={scale} value={scale}>
            {t(`choice.sizes.${scale}`)}
          </option>
        ))}
        <option value="side">{t('choice.sizes.side')}</option>
        <optgroup label={t('choice.print')}>
          {(Object.keys(PAPERS) as Paper[]).map((paper) => (
            <option key={paper} value={paper}>
              {t(`choice.papers.${paper}`)}
            </option>
          ))}
          <option value="paper">{t('choice.papers.own')}</option>
        </optgroup>
      </Select>
      {chosen === 'side' && longEdge && (
        <NumberField
          label={t('choice.side')}
          unit="px"
          value={longEdge}
          min={16}
          max={limit}
          onChange={(pixels) => onChange({ ...rest, longEdge: pixels })}
        />
      )}
      {chosen === 'paper' && (
        <div className="flex gap-3">
          {side(0)}
          {side(1)}
        </div>
      )}
      <p id={limitId} className="text-sm text-soft">
        {size && <span className="block">{t('choice.result', { width: size.width, height: size.height })}</span>}
        {limit === me?.freeMaxSide && (reduced || !size) && t('choice.limit', { side: limit })}
      </p>
    </div>
  );
}
