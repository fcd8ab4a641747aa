import type { Receipt } from '@hili/contract';

/** A receipt as it comes out of a printer, whatever the colours of the page around it. */
export function ReceiptSheet({ receipt }: { readonly receipt: Receipt }) {
  const { title, demo, seller, buyer, facts, head, rows, total } = receipt;
  return (
    <article className="flex flex-col gap-9 rounded-md bg-white p-6 text-black shadow-print sm:p-14 print:rounded-none print:p-0 print:shadow-none">
      <header className="flex flex-wrap items-baseline justify-between gap-x-8 gap-y-2 border-b-2 border-black pb-4">
        <h1 tabIndex={-1} className="text-4xl">
          {title}
        </h1>
        <p className="font-serif text-xl font-semibold">Hili PhotoEnhance</p>
      </header>
      {demo && <p className="border-2 border-black px-4 py-2 text-center font-semibold">{demo}</p>}
      <div className="grid gap-6 sm:grid-cols-2 print:grid-cols-2">
        {[seller, buyer].map(({ name, lines }) => (
          <section key={name}>
            <h2 className="font-sans text-base font-normal">{name}</h2>
            {lines.map((line) => (
              <p key={line} className="font-semibold wrap-anywhere">
                {line}
              </p>
            ))}
          </section>
        ))}
      </div>
      <dl className="grid gap-x-8 gap-y-1.5 sm:grid-cols-[auto_minmax(0,1fr)] print:grid-cols-[auto_minmax(0,1fr)]">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd className="font-semibold wrap-anywhere max-sm:mb-2">{value}</dd>
          </div>
        ))}
      </dl>
      <table className="w-full border-collapse">
        <thead>
          <tr className="border-b border-black">
            <th scope="col" className="py-2 text-start font-normal">
              {head[0]}
            </th>
            <th scope="col" className="py-2 ps-4 text-end font-normal">
              {head[1]}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([item, price]) => (
            <tr key={item} className="border-b border-black/25">
              <td className="py-3">{item}</td>
              <td className="py-3 ps-4 text-end whitespace-nowrap tabular-nums">{price}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" className="py-3 text-start text-lg">
              {total[0]}
            </th>
            <td className="py-3 ps-4 text-end text-xl font-semibold whitespace-nowrap tabular-nums">{total[1]}</td>
          </tr>
        </tfoot>
      </table>
    </article>
  );
}
