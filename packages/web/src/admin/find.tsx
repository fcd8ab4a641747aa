import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { To } from './marks.tsx';
import { PageTitle } from './page-title.tsx';
import { Part } from './part.tsx';
import { tableQuery } from './queries.ts';
import { useConsole } from './speech.ts';
import { Table } from './table.tsx';
import type { TableSpec } from './table-page.tsx';
import { jobs } from './tables/jobs.tsx';
import { orders } from './tables/orders.tsx';
import { partners } from './tables/partners.tsx';
import { users } from './tables/users.tsx';
import { Trouble } from './trouble.tsx';

/** Rows of each table at most. */
const FEW = 5;

/** Whatever has these words: people, orders, partners and photos at once. */
export function FindPage() {
  const { t } = useConsole();
  const { q = '' } = useSearch({ from: '/admin/$place' });
  return (
    <>
      <PageTitle title={t('find.title', { words: q })} />
      <Found spec={users} q={q} />
      <Found spec={orders} q={q} />
      <Found spec={partners} q={q} />
      <Found spec={jobs} q={q} />
    </>
  );
}

function Found<Row extends { readonly id: string }>({
  spec,
  q,
}: {
  readonly spec: TableSpec<Row>;
  readonly q: string;
}) {
  const { t } = useConsole();
  const { name, columns, Acts } = spec;
  const { data, error } = useQuery(tableQuery<Row>(name, { q }, FEW));
  const rows = data?.rows ?? [];
  return (
    <Part
      title={t(`place.${name}`)}
      aside={
        data?.next && (
          <To place={name} search={{ q }}>
            {t('find.all')}
          </To>
        )
      }
    >
      {error && <Trouble error={error} />}
      {data && rows.length === 0 && <p className="text-soft">{t('table.noMatch')}</p>}
      {rows.length > 0 && (
        <Table caption={t(`place.${name}`)} columns={columns} rows={rows} keyOf={({ id }) => id} Acts={Acts} />
      )}
    </Part>
  );
}
