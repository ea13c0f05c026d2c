import { type ReactNode, startTransition, useEffect, useState } from "react";
import { cx } from "#/lib/text";

/** Rows that are drawn at once; the others follow in small steps. */
const SCREENFUL = 12;

export interface Column<T> {
  key: string;
  head: ReactNode;
  cell: (row: T) => ReactNode;
  /** On a phone every row is a small card: false hides this column there. */
  phone?: boolean;
  align?: "end";
}

/** Rows on a wide screen, small cards on a phone. */
export function Table<T>({
  caption,
  columns,
  rows,
  rowKey,
}: {
  /** Read out, not shown. */
  caption: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string;
}) {
  const [whole, setWhole] = useState(rows.length <= SCREENFUL);
  useEffect(() => startTransition(() => setWhole(true)), []);
  return (
    <table className="w-full border-collapse text-left max-md:block">
      <caption className="sr-only">{caption}</caption>
      <thead className="bg-sunken text-xs text-ink-3 max-md:sr-only">
        <tr>
          {columns.map((column) => (
            <th
              key={column.key}
              scope="col"
              className={cx(
                "border-y border-line px-3 py-2 font-medium first:pl-5 last:pr-5",
                column.align === "end" && "text-right",
              )}
            >
              {column.head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="max-md:block max-md:border-t max-md:border-line">
        {(whole ? rows : rows.slice(0, SCREENFUL)).map((row) => (
          <tr
            key={rowKey(row)}
            className="border-b border-line [contain-intrinsic-size:auto_60px] [content-visibility:auto] last:border-b-0 max-md:flex max-md:flex-wrap max-md:items-center max-md:gap-x-4 max-md:gap-y-1 max-md:px-5 max-md:py-3"
          >
            {columns.map((column) => (
              <td
                key={column.key}
                className={cx(
                  "max-md:p-0 md:px-3 md:py-3 md:first:pl-5 md:last:pr-5",
                  column.align === "end" && "md:text-right",
                  column.phone === false && "max-md:hidden",
                )}
              >
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
