import { type ComponentProps, lazy, type ReactNode, Suspense, useRef, useState } from "react";
import type { MenuItem } from "./MenuList";

const load = () => import("./MenuList");
const MenuList = lazy(load);

/** A button that opens a list of choices; the list's code comes on hover, focus or press. */
export function Menu({
  label,
  items,
  children,
  className,
  speaks = false,
}: {
  /** The button's name, and the list's. */
  label: string;
  items: MenuItem[];
  children: ReactNode;
  className?: ComponentProps<"button">["className"];
  /** The button's own text is its name; `label` then names the list alone. */
  speaks?: boolean;
}) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={speaks ? undefined : label}
        className={className}
        onPointerEnter={load}
        onFocus={load}
        onClick={() => setOpen(!open)}
      >
        {children}
      </button>
      {open && (
        <Suspense>
          <MenuList label={label} items={items} trigger={button} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
