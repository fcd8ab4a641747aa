import { PAY_WAYS, type PackagesView, type PhotoPackage, payWayOf } from '@hili/contract';
import { money } from '../format.ts';
import { useSpeech } from '../language.ts';

interface PayChoiceProps {
  readonly ways: PackagesView['providers'];
  readonly offer: PhotoPackage;
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}

/** The ways to pay that are open here, one of which is chosen. */
export function PayChoice({ ways, offer, chosen, onChoose }: PayChoiceProps) {
  const { t, language } = useSpeech();
  return (
    <fieldset className="flex w-full flex-col gap-3">
      <legend className="sr-only">{t('buy.how')}</legend>
      {ways.map(({ name, simulated, currency, prices }) => {
        const way = payWayOf({ provider: name, simulated });
        const fen = prices[offer.code];
        return (
          <label
            key={name}
            className="flex min-h-16 items-center gap-4 rounded-2xl border border-edge px-5 py-3 has-checked:border-pine has-checked:bg-mint has-checked:shadow-[inset_0_0_0_1px_var(--pine)]"
          >
            <input
              type="radio"
              name="way"
              value={name}
              checked={name === chosen}
              onChange={() => onChoose(name)}
              className="size-6 shrink-0 accent-pine"
            />
            <span className="min-w-0">
              <span className="block text-lg font-semibold">{PAY_WAYS[way][language]}</span>
              <span className="block text-soft">{t(`buy.about.${way}`)}</span>
            </span>
            {fen !== undefined && currency !== 'CNY' && (
              <strong className="ms-auto whitespace-nowrap">{money(language, fen, currency)}</strong>
            )}
          </label>
        );
      })}
    </fieldset>
  );
}
