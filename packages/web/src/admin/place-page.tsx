import { useParams } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { LostPage } from '../pages/lost.tsx';
import { FindPage } from './find.tsx';
import { ModelsPage } from './models.tsx';
import type { Place } from './places.ts';
import { SecurityPage } from './security.tsx';
import { SettingsPage } from './settings.tsx';
import { TablePage, type TableSpec } from './table-page.tsx';
import { audit } from './tables/audit.tsx';
import { batches } from './tables/batches.tsx';
import { complaints } from './tables/complaints.tsx';
import { fapiao } from './tables/fapiao.tsx';
import { invites } from './tables/invites.tsx';
import { issues } from './tables/issues.tsx';
import { jobs } from './tables/jobs.tsx';
import { ledger } from './tables/ledger.tsx';
import { orders } from './tables/orders.tsx';
import { partners } from './tables/partners.tsx';
import { rebates } from './tables/rebates.tsx';
import { transfers } from './tables/transfers.tsx';
import { users } from './tables/users.tsx';

const pageOf =
  <Row extends { readonly id: string }>(spec: TableSpec<Row>): ComponentType =>
  // A page of its own for each table: what is typed for one is not another's.
  () => <TablePage spec={spec} />;

/** What is at each place of the console. */
const PAGES: Readonly<Record<Place | 'find', ComponentType>> = {
  jobs: pageOf(jobs),
  complaints: pageOf(complaints),
  users: pageOf(users),
  partners: pageOf(partners),
  invites: pageOf(invites),
  orders: pageOf(orders),
  issues: pageOf(issues),
  transfers: pageOf(transfers),
  rebates: pageOf(rebates),
  batches: pageOf(batches),
  fapiao: pageOf(fapiao),
  ledger: pageOf(ledger),
  models: ModelsPage,
  settings: SettingsPage,
  audit: pageOf(audit),
  security: SecurityPage,
  find: FindPage,
};

export function PlacePage() {
  const { place } = useParams({ from: '/admin/$place' });
  const Page = PAGES[place as Place] ?? LostPage;
  return <Page />;
}
