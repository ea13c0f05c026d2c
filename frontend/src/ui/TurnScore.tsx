import { useId } from "react";

/** A match score between two arrows that go both ways. */
export function TurnScore({ score, label }: { score: string; label: string }) {
  const id = useId();
  return (
    <svg viewBox="0 0 120 76" width="120" height="76" role="img" aria-label={label} className="max-w-full">
      <defs>
        {(["cloud", "lake"] as const).map((tone) => (
          <marker
            key={tone}
            id={`${id}-${tone}`}
            viewBox="0 0 8 8"
            refX="6"
            refY="4"
            markerWidth="6"
            markerHeight="6"
            orient="auto"
          >
            <path
              d="M1 1l5 3-5 3"
              fill="none"
              strokeWidth="1.6"
              className={tone === "cloud" ? "stroke-cloud" : "stroke-lake"}
            />
          </marker>
        ))}
      </defs>
      <path
        d="M10 28C30 6 90 6 110 26"
        fill="none"
        strokeWidth="2"
        markerEnd={`url(#${id}-cloud)`}
        className="stroke-cloud"
      />
      <path
        d="M110 48C90 70 30 70 10 50"
        fill="none"
        strokeWidth="2"
        markerEnd={`url(#${id}-lake)`}
        className="stroke-lake"
      />
      <text x="60" y="46" textAnchor="middle" className="fill-ink font-sans text-[22px] font-bold">
        {score}
      </text>
    </svg>
  );
}
