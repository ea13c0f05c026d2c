import { Trans, useLingui } from "@lingui/react/macro";
import { scaleBand, scaleLinear } from "d3-scale";
import { useRef } from "react";
import type { DashboardOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { cx } from "#/lib/text";
import { useWidth } from "#/lib/width";

type Month = DashboardOut["sessions_by_month"][number];

const HEIGHT = 240;
const PAD = { top: 28, right: 8, bottom: 28, left: 32 };

/** Held within planned, month by month, with the same numbers as a table for screen readers. */
export default function SessionsChart({ months }: { months: Month[] }) {
  const { t } = useLingui();
  const format = useFormat();
  const box = useRef<HTMLElement>(null);
  const full = useWidth(box, 480);
  const x = scaleBand(
    months.map((each) => each.month),
    [PAD.left, full - PAD.right],
  ).padding(0.3);
  const most = Math.max(4, ...months.flatMap((each) => [each.planned, each.held]));
  const y = scaleLinear([0, most], [HEIGHT - PAD.bottom, PAD.top]).nice(4);
  const floor = y(0);
  const width = Math.min(x.bandwidth(), 34);
  const today = new Date().toISOString().slice(0, 7);
  const now = months.some((each) => each.month === today) ? today : months.at(-1)?.month;
  return (
    <figure ref={box}>
      <div aria-hidden className="mb-2 flex gap-4 text-sm text-ink-3">
        <span className="flex items-center gap-2">
          <span className="size-3 rounded bg-spruce" />
          <Trans>Held</Trans>
        </span>
        <span className="flex items-center gap-2">
          <span className="size-3 rounded border border-edge bg-sunken" />
          <Trans>Planned</Trans>
        </span>
      </div>
      <svg
        viewBox={`0 0 ${full} ${HEIGHT}`}
        aria-hidden="true"
        height={HEIGHT}
        className="w-full font-sans text-xs"
      >
        {y.ticks(4).map((tick) => (
          <g key={tick}>
            <line
              x1={PAD.left}
              x2={full}
              y1={y(tick)}
              y2={y(tick)}
              strokeDasharray="2 4"
              className="stroke-line"
            />
            <text x={PAD.left - 10} y={y(tick) + 4} textAnchor="end" className="fill-ink-3">
              {format.number(tick)}
            </text>
          </g>
        ))}
        {months.map(({ month, held, planned }) => {
          const left = (x(month) ?? 0) + (x.bandwidth() - width) / 2;
          const top = Math.min(y(planned), y(held));
          const latest = month === now;
          return (
            <g key={month}>
              <rect
                x={left + 0.5}
                y={top + 0.5}
                width={width - 1}
                height={Math.max(0, floor - top - 1)}
                rx="7"
                className="fill-sunken stroke-edge"
                strokeOpacity="0.6"
              />
              <rect
                x={left}
                y={y(held)}
                width={width}
                height={Math.max(0, floor - y(held))}
                rx="7"
                className={latest ? "fill-spruce" : "fill-bar"}
              />
              {latest && (
                <text x={left + width / 2} y={top - 8} textAnchor="middle" className="fill-ink font-semibold">
                  {held}/{planned}
                </text>
              )}
              <text
                x={left + width / 2}
                y={HEIGHT - 8}
                textAnchor="middle"
                className={cx(latest ? "fill-ink font-semibold" : "fill-ink-3")}
              >
                {format.month(month)}
              </text>
            </g>
          );
        })}
      </svg>
      <table className="sr-only">
        <caption>{t`Sessions per month`}</caption>
        <thead>
          <tr>
            <th scope="col">{t`Month`}</th>
            <th scope="col">{t`Held`}</th>
            <th scope="col">{t`Planned`}</th>
          </tr>
        </thead>
        <tbody>
          {months.map(({ month, held, planned }) => (
            <tr key={month}>
              <th scope="row">{format.month(month)}</th>
              <td>{held}</td>
              <td>{planned}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
