import { useMemo } from "react";
import { qr, qrPath } from "#/lib/qr";

/** White modules that a camera needs around the code. */
const QUIET = 4;

/** An address as a picture for a camera: black on white in every theme. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const [side, path] = useMemo(() => {
    const modules = qr(text);
    return [modules.length + 2 * QUIET, qrPath(modules)];
  }, [text]);
  return (
    <svg
      role="img"
      aria-label={label}
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`${-QUIET} ${-QUIET} ${side} ${side}`}
      shapeRendering="crispEdges"
      className="size-48 shrink-0 rounded-xl border border-line [forced-color-adjust:none]"
    >
      <path fill="#fff" d={`M${-QUIET} ${-QUIET}h${side}v${side}h${-side}z`} />
      <path fill="#000" d={path} />
    </svg>
  );
}
