import type { BillLine } from '../provider.ts';

/** Columns of the bill that we read, by their headings. */
const HEADINGS = {
  transactionId: '微信订单号',
  outTradeNo: '商户订单号',
  state: '交易状态',
  fen: '订单金额',
  outRefundNo: '商户退款单号',
  refundFen: '申请退款金额',
} as const;
/** Headings of the two columns of the last line that say what all lines must come to. */
const TOTALS = { lines: '总交易单数', fen: '订单总金额' } as const;

/**
 * Reads an amount in yuan as whole fen, without ever being a fraction.
 * @example toFen('49.80') === 4980
 * @throws Error for anything else than digits with two decimals at most.
 */
export function toFen(yuan: string): number {
  const match = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(yuan);
  if (!match) throw new Error('expected an amount in yuan in the bill but received something else');
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
}

/** Cells begin with a backtick, so that spreadsheets leave long numbers alone. */
const cellsOf = (line: string) => line.split(',').map((cell) => cell.replace(/^`/, '').trim());

/**
 * Reads WeChat Pay's daily bill of all trades: CSV with a line for each payment and each refund, and two lines of sums, which must agree.
 * @throws Error when it is not such a bill, or its sums differ.
 */
export function readBill(csv: string): BillLine[] {
  const lines = csv
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '');
  const [headings = '', ...rows] = lines.slice(0, -2);
  const [sumHeadings = '', sums = ''] = lines.slice(-2);
  const column = (line: string, heading: string) => {
    const index = cellsOf(line).indexOf(heading);
    if (index < 0) throw new Error(`expected a column ${heading} in the bill but received none`);
    return index;
  };
  const at = Object.fromEntries(
    Object.entries(HEADINGS).map(([name, heading]) => [name, column(headings, heading)]),
  ) as Record<keyof typeof HEADINGS, number>;

  const read = rows.map((row): BillLine & { readonly state: string } => {
    const cells = cellsOf(row);
    const cell = (name: keyof typeof HEADINGS) => cells[at[name]] ?? '';
    const outRefundNo = cell('outRefundNo');
    const isRefund = cell('state') === 'REFUND';
    return {
      state: cell('state'),
      outTradeNo: cell('outTradeNo'),
      transactionId: cell('transactionId'),
      fen: toFen(cell('fen')),
      refund: isRefund ? { outRefundNo, fen: toFen(cell('refundFen')) } : null,
    };
  });
  const total = (heading: string) => cellsOf(sums)[column(sumHeadings, heading)] ?? '';
  const paid = read.reduce((sum, { fen, refund }) => sum + (refund ? 0 : fen), 0);
  if (Number(total(TOTALS.lines)) !== read.length || toFen(total(TOTALS.fen)) !== paid)
    throw new Error('expected sums of the bill that fit its lines but received others');
  return read
    .filter(({ state }) => state === 'SUCCESS' || state === 'REFUND')
    .map(({ state: _state, ...line }) => line);
}
