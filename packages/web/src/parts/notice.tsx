import type { PhotoView } from '@hili/contract';
import { Link } from '@tanstack/react-router';
import { codeOf } from '../client.ts';
import { useSpeech } from '../language.ts';
import { useMe, usePhotoActions } from '../queries.ts';
import { AccountProblem } from './account-problem.tsx';

/** Whether a mail says that this photo is ready; who has no address here sees what it takes. */
export function Notice({ photo }: { readonly photo: PhotoView }) {
  const { t } = useSpeech();
  const me = useMe();
  const { notify } = usePhotoActions(photo.id);
  if (!me) return null;
  const email = me.account?.email;
  if (!email)
    return (
      <Link
        to={me.kind === 'guest' ? '/sign-in' : '/account'}
        className="inline-flex min-h-11 items-center text-soft underline decoration-1 underline-offset-4 hover:text-ink"
      >
        {t(me.kind === 'guest' ? 'notice.guest' : 'notice.address')}
      </Link>
    );
  return (
    <div className="flex flex-col gap-2">
      <label className="flex min-h-11 items-center gap-3">
        <input
          type="checkbox"
          checked={notify.isPending ? notify.variables : photo.mailWhenReady}
          onChange={(event) => notify.mutate(event.currentTarget.checked)}
          className="size-6 shrink-0 accent-pine"
        />
        <span>
          <span className="block font-semibold">{t('notice.mail')}</span>
          <span className="block text-sm wrap-anywhere text-soft">{t('notice.to', { email })}</span>
        </span>
      </label>
      <AccountProblem code={notify.error ? codeOf(notify.error) : undefined} />
    </div>
  );
}
