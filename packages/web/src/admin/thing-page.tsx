import { useParams } from '@tanstack/react-router';
import { LostPage } from '../pages/lost.tsx';
import { OrderPage } from './order.tsx';
import { PartnerPage } from './partner.tsx';
import { UserPage } from './user.tsx';

/** One user, partner or order. */
export function ThingPage() {
  const { place, id } = useParams({ from: '/admin/$place/$id' });
  if (place === 'users') return <UserPage id={id} />;
  if (place === 'partners') return <PartnerPage code={id} />;
  if (place === 'orders') return <OrderPage id={id} />;
  return <LostPage />;
}
