import { installOffer } from '../install.ts';
import { useFirstSpeech } from '../language.ts';
import { useStore } from '../store.ts';
import { button } from './button.ts';

/** Offers to install the page where the browser does. */
export function Install() {
  const { t } = useFirstSpeech();
  const offer = useStore(installOffer);
  if (!offer) return null;
  return (
    <button
      type="button"
      className={button.plain}
      onClick={() => {
        void offer.prompt();
        installOffer.set(undefined);
      }}
    >
      {t('nav.install')}
    </button>
  );
}
