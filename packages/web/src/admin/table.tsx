import type { ReactNode } from 'react';
import { ScrollBox } from './scroll-box.tsx';
import { type ConsoleKey, useConsole } from './speech.ts';
import { useWide } from './use-wide.ts';

/** One column of a table. A cell is a component, so that it may speak. */
export interface Column<Row> {
  readonly head: ConsoleKey;
  readonly Cell: (row: { readonly row: Row }) => ReactNode;
  /** Numbers stand at the end of their column. */
  readonly isNumber?: boolean;
  /** Sentences want room. */
  readonly isWide?: boolean;
}

interface TableProps<Row> {
  /** What it is, for who cannot see where it stands. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** What can be done about a row. */
  readonly Acts?: ((row: { readonly row: Row }) => ReactNode) | undefined;
}

/** Rows under columns where there is room; on a phone each row is a card, with the first column as its title. */
export function Table<Row>(props: TableProps<Row>) {
  return useWide() ? <Rows {...props} /> : <Cards {...props} />;
}

function Rows<Row>({ caption, columns, rows, keyOf, Acts }: TableProps<Row>) {
  const { t } = useConsole();
  const side = (isNumber = false) => (isNumber ? 'text-end' : 'text-start');
  return (
    <ScrollBox label={caption} className="relative overflow-x-auto rounded-2xl border border-line bg-sheet">
      <table className="w-full text-[0.89rem] leading-snug">
        <caption className="sr-only">{caption}</caption>
        <thead className="text-soft">
          <tr>
            {columns.map(({ head, isNumber }) => (
              <th key={head} scope="col" className={`px-3 py-2.5 font-semibold whitespace-nowrap ${side(isNumber)}`}>
                {t(head)}
              </th>
            ))}
            {Acts && (
              <th scope="col" className="sticky end-0 bg-sheet px-3 py-2.5">
                <span className="sr-only">{t('table.acts')}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="border-t border-line align-top">
              {columns.map(({ head, Cell, isNumber, isWide }) => (
                <td
                  key={head}
                  className={`max-w-96 px-3 py-2.5 wrap-break-word ${side(isNumber)} ${isWide ? 'min-w-56' : ''}`}
                >
                  <Cell row={row} />
                </td>
              ))}
              {Acts && (
                <td className="sticky end-0 bg-sheet px-3 py-1">
                  <div className="flex flex-wrap justify-end gap-x-4 [&_button]:whitespace-nowrap">
                    <Acts row={row} />
                  </div>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function Cards<Row>({ caption, columns, rows, keyOf, Acts }: TableProps<Row>) {
  const { t } = useConsole();
  const [First, ...others] = columns;
  return (
    <ul aria-label={caption} className="flex flex-col gap-3">
      {rows.map((row) => (
        <li key={keyOf(row)} className="rounded-2xl border border-line bg-sheet p-4 text-[0.95rem]">
          <div className="font-semibold wrap-anywhere">{First && <First.Cell row={row} />}</div>
          <dl className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
            {others.map(({ head, Cell }) => (
              <div key={head} className="contents">
                <dt className="text-soft">{t(head)}</dt>
                <dd className="text-end wrap-anywhere">
                  <Cell row={row} />
                </dd>
              </div>
            ))}
          </dl>
          {Acts && (
            <div className="mt-2 flex flex-wrap gap-x-5 empty:hidden">
              <Acts row={row} />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}
