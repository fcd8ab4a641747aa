import type { AdminTable } from '@hili/contract/admin';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { button } from '../parts/button.ts';
import { Select } from '../parts/select.tsx';
import { csvOf } from './client.ts';
import { DayRange } from './day-range.tsx';
import { Fold } from './fold.tsx';
import type { StateName } from './marks.tsx';
import { PageTitle } from './page-title.tsx';
import { tableQuery } from './queries.ts';
import { SearchBox } from './search-box.tsx';
import { type ConsoleKey, useConsole } from './speech.ts';
import { type Column, Table } from './table.tsx';
import { Trouble } from './trouble.tsx';
import { useWide } from './use-wide.ts';

/** One table of the console: its columns, the states by which it is sifted, and what can be done. */
export interface TableSpec<Row> {
  readonly name: AdminTable;
  readonly states: readonly StateName[];
  /** What a state is called in this table, where its common name says something else. */
  readonly stateNames?: Partial<Record<StateName, ConsoleKey>>;
  readonly columns: readonly Column<Row>[];
  readonly Acts?: (row: { readonly row: Row }) => ReactNode;
  /** What can be done that is about no row, such as making one. */
  readonly Tools?: () => ReactNode;
}

/** A table with search, states, days, pages and its file. What is shown stands in the address, so that it can be kept and sent. */
export function TablePage<Row extends { readonly id: string }>({ spec }: { readonly spec: TableSpec<Row> }) {
  const { t } = useConsole();
  const { name, states, stateNames = {}, columns, Acts, Tools } = spec;
  const search = useSearch({ from: '/admin/$place' });
  const navigate = useNavigate({ from: '/admin/$place' });
  const { data, error, isPlaceholderData } = useQuery(tableQuery<Row>(name, search));
  const title = t(`place.${name}`);
  const isWide = useWide();

  /** Shows another selection, from its first page on. */
  const select = (change: Partial<Record<keyof typeof search, string>>) => {
    const changed = { ...search, ...change, after: '' };
    void navigate({ search: Object.fromEntries(Object.entries(changed).filter(([, value]) => value)) });
  };

  const filters = (
    <>
      {states.length > 0 && (
        <Select label={t('table.state')} value={search.state ?? ''} onChange={(state) => select({ state })}>
          <option value="">{t('table.every')}</option>
          {states.map((state) => (
            <option key={state} value={state}>
              {t(stateNames[state] ?? `state.${state}`)}
            </option>
          ))}
        </Select>
      )}
      <DayRange from={search.from} to={search.to} onChange={select} />
    </>
  );

  return (
    <>
      <PageTitle title={title} lead={t(`lead.${name}`)}>
        {Tools && <Tools />}
        <a href={csvOf(name, search)} download={`${name}.csv`} className={button.quiet}>
          {t('table.csv')}
        </a>
      </PageTitle>
      <search className="mt-5 grid items-end gap-x-4 gap-y-3 lg:grid-cols-[minmax(0,1fr)_12rem_auto]">
        <SearchBox key={search.q} label={t('table.search')} value={search.q ?? ''} onSearch={(q) => select({ q })} />
        {isWide ? (
          filters
        ) : (
          <Fold label={t('table.filter')} open={Boolean(search.state || search.from || search.to)}>
            <div className="grid gap-3 pt-1">{filters}</div>
          </Fold>
        )}
      </search>
      {search.owner && (
        <p className="mt-3 flex flex-wrap items-center gap-x-3">
          {t('table.owner', { id: search.owner })}
          <button type="button" className={button.plain} onClick={() => select({ owner: '' })}>
            {t('table.everyone')}
          </button>
        </p>
      )}
      <div className="mt-5 flex flex-col gap-4" aria-busy={isPlaceholderData || (!data && !error)}>
        {error && <Trouble error={error} />}
        {data && data.rows.length > 0 && (
          <Table caption={title} columns={columns} rows={data.rows} keyOf={({ id }) => id} Acts={Acts} />
        )}
        {data?.rows.length === 0 && <Nothing isSifted={Object.keys(search).length > 0} />}
        {data && (search.after || data.next) && (
          <nav aria-label={t('table.pages')} className="flex flex-wrap justify-between gap-3">
            {search.after ? (
              <Link from="/admin/$place" to="." search={{ ...search, after: undefined }} className={button.quiet}>
                {t('table.first')}
              </Link>
            ) : (
              <span />
            )}
            {data.next && (
              <Link from="/admin/$place" to="." search={{ ...search, after: data.next }} className={button.quiet}>
                {t('table.next')}
              </Link>
            )}
          </nav>
        )}
      </div>
    </>
  );
}

/** In place of rows: either there are none at all, or none that fits what was asked for, and then a way back to all. */
function Nothing({ isSifted }: { readonly isSifted: boolean }) {
  const { t } = useConsole();
  return (
    <div className="flex flex-col items-center gap-3 py-10 text-center text-lg text-soft">
      <p>{t(isSifted ? 'table.noMatch' : 'table.none')}</p>
      {isSifted && (
        <Link from="/admin/$place" to="." search={{}} className={button.quiet}>
          {t('table.showAll')}
        </Link>
      )}
    </div>
  );
}
