import type { PhotoPackage } from '@hili/contract';
import { useSpeech } from '../language.ts';
import { usePackages } from '../order-queries.ts';
import { Icon } from './icons.tsx';

/** What a package gives, line by line. */
export function OfferRights({ offer }: { readonly offer: PhotoPackage }) {
  const { t } = useSpeech();
  // Not before it is known: the operator may give none.
  const rebate = usePackages().data?.packages.find(({ code }) => code === offer.code)?.wechatRebate ?? false;
  return (
    <ul className="flex flex-col gap-2.5">
      {rightsOf(offer, rebate).map((right) => (
        <li key={right} className="flex gap-2.5">
          <Icon name="tick" className="mt-0.5 size-5 text-pine" />
          {t(`prices.rights.${right}`, { side: offer.maxSide })}
        </li>
      ))}
    </ul>
  );
}

/** What a package gives, as the texts name it. */
function rightsOf({ priority, repair, batch }: PhotoPackage, rebate: boolean) {
  return (['year', 'batch', 'single', 'side', 'repair', 'priority', 'rebate'] as const).filter(
    (right) => ({ batch, single: !batch, side: true, repair, priority, year: true, rebate })[right],
  );
}
