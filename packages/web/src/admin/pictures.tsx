import type { AdminPictures } from '@hili/contract/admin';
import { useConsole } from './speech.ts';

/** The pictures that their owner has shown to the operator. */
export function Pictures({ of: { before, after } }: { readonly of: AdminPictures }) {
  const { t } = useConsole();
  return (
    <div className="grid w-full gap-4 sm:grid-cols-2">
      {(['before', 'after'] as const).map((side) => {
        const source = side === 'before' ? before : after;
        return (
          source && (
            <figure key={side}>
              <img src={source} alt="" className="w-full rounded-lg border border-line" />
              <figcaption className="mt-1 text-soft">
                <a href={source} target="_blank" rel="noreferrer" className="underline underline-offset-4">
                  {t(`complaint.${side}`)}
                </a>
              </figcaption>
            </figure>
          )
        );
      })}
    </div>
  );
}
