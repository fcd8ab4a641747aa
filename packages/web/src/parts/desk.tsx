import type { Upload } from '../upload.ts';
import { Draft } from './draft.tsx';
import { Sending } from './sending.tsx';

/** A photo lies on the desk: chosen, or on its way to the server. */
export default function Desk({ now }: { readonly now: Exclude<Upload, { state: 'empty' }> }) {
  return now.state === 'chosen' ? <Draft now={now} /> : <Sending now={now} />;
}
