import type { Wish } from '@hili/contract';
import { percent } from '../format.ts';
import { useSpeech } from '../language.ts';
import { drawsTexture, STRENGTHS, strengthsOf } from '../wishes.ts';
import { button } from './button.ts';
import { Slider } from './slider.tsx';
import { Tick } from './tick.tsx';

interface StrengthChoiceProps {
  readonly value: Wish;
  readonly onChange: (wish: Wish) => void;
}

/** How much texture an enlargement draws: none unless the visitor wants some. */
function TextureChoice({ value, onChange }: StrengthChoiceProps) {
  const { t, language } = useSpeech();
  const { texture = 0, ...rest } = value;
  return (
    <div>
      <Slider
        label={t('choice.texture.name')}
        value={Math.round(100 * texture)}
        {...{ min: 0, max: 100, step: 5 }}
        text={percent(language, texture)}
        ends={[t('choice.texture.least'), t('choice.texture.most')]}
        onChange={(next) => onChange(next === 0 ? rest : { ...rest, texture: next / 100 })}
      />
      <p className="mt-1 text-sm text-soft">{t('choice.texture.hint')}</p>
    </div>
  );
}

/** How much of each step of the recipe is applied, all of it unless the visitor says less; how much texture is drawn; and which colours give way to new ones. */
export function StrengthChoice({ value, onChange }: StrengthChoiceProps) {
  const { t, language } = useSpeech();
  const strengths = strengthsOf(value.recipe).map((step) => {
    const { [STRENGTHS[step]]: share = 1, ...rest } = value;
    return (
      <Slider
        key={step}
        label={t(`choice.strength.${step}.name`)}
        value={Math.round(100 * share)}
        {...{ min: 0, max: 100, step: 5 }}
        text={percent(language, share)}
        ends={[t(`choice.strength.${step}.least`), t(`choice.strength.${step}.most`)]}
        onChange={(next) => onChange(next === 100 ? rest : { ...rest, [STRENGTHS[step]]: next / 100 })}
      />
    );
  });
  const steps = (
    <>
      {strengths}
      {drawsTexture(value) && <TextureChoice value={value} onChange={onChange} />}
    </>
  );
  if (!value.recipe.includes('colour')) return steps;
  const { recolour = false, ...rest } = value;
  const { colours = [], ...forgetful } = value;
  return (
    <>
      {steps}
      <Tick
        label={t('choice.recolour')}
        ticked={recolour}
        onTick={(ticked) => onChange(ticked ? { ...rest, recolour: true } : rest)}
        shown
      />
      {colours.length > 0 && (
        <p className="flex flex-wrap items-center gap-x-4">
          {t('choice.given', { count: colours.length })}
          <button type="button" className={button.plain} onClick={() => onChange(forgetful)}>
            {t('choice.forget')}
          </button>
        </p>
      )}
    </>
  );
}
