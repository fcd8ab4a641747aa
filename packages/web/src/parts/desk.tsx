import '../kept-desk.ts';
import { deskWish } from '../desk-wish.ts';
import { putAside } from '../dispatch.ts';
import { firstWish } from '../presets.ts';
import { useStore } from '../store.ts';
import { type TrayPhoto, tray } from '../tray.ts';
import { Draft } from './draft.tsx';
import { Layer } from './layer.tsx';
import { Sending } from './sending.tsx';
import { Several } from './several.tsx';
import { TraySending } from './tray-sending.tsx';

/** Photos lie on the desk: chosen, or one on its way to the server. */
export default function Desk() {
  const { photos } = useStore(tray);
  const wish = useStore(deskWish) ?? firstWish();
  const [first, ...others] = photos.filter(({ state }) => state === 'chosen');
  const alone = photos.find(({ state, alone }) => state === 'sending' && alone);
  if (!first) return alone && <Sending photo={alone} />;
  function leave() {
    for (const { key } of [first, ...others] as TrayPhoto[]) putAside(key);
    scrollTo(0, 0);
  }
  return (
    <>
      <Layer onBack={leave} />
      {others.length === 0 ? (
        <Draft key={first.key} photo={first} wish={wish} onWish={deskWish.set} />
      ) : (
        <Several photos={[first, ...others]} wish={wish} onWish={deskWish.set} />
      )}
      {photos.length > others.length + 1 && (
        <div className="mx-auto w-full max-w-7xl px-4 pb-14 sm:px-8">
          <TraySending />
        </div>
      )}
    </>
  );
}
