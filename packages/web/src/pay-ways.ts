import type { PackagesView } from '@hili/contract';

/** Whether this is a phone in a hand: its camera cannot scan what it shows itself. */
export const isPhone = (): boolean => matchMedia('(pointer: coarse) and (max-width: 45rem)').matches;

/** The ways to pay in the order in which they are offered: on a phone those that need no second screen come first. */
export function inOrder(providers: PackagesView['providers'], onPhone: boolean): PackagesView['providers'] {
  const needsScreen = ({ kind }: PackagesView['providers'][number]) => Number(onPhone && kind === 'qr');
  return [...providers].sort((a, b) => needsScreen(a) - needsScreen(b));
}
