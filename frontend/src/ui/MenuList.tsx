import { useLingui } from "@lingui/react";
import { Check, type LucideIcon } from "lucide-react";
import type { RefObject } from "react";
import { MenuItem as AriaItem, Menu, Popover } from "react-aria-components";
import { I18nProvider } from "react-aria-components/I18nProvider";

export interface MenuItem {
  id: string;
  label: string;
  icon?: LucideIcon;
  /** True or false makes it a choice among others. */
  selected?: boolean;
  onSelect: () => void;
}

export default function MenuList({
  label,
  items,
  trigger,
  onClose,
}: {
  label: string;
  items: MenuItem[];
  trigger: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
}) {
  const { i18n } = useLingui();
  return (
    <I18nProvider locale={i18n.locale}>
      <Popover
        triggerRef={trigger}
        isOpen
        onOpenChange={(open) => !open && onClose()}
        className="min-w-52 rounded-2xl border border-line bg-surface p-1.5 text-ink shadow-float"
      >
        <Menu
          aria-label={label}
          autoFocus="first"
          className="outline-none"
          onAction={(id) => items.find((item) => item.id === id)?.onSelect()}
          onClose={onClose}
        >
          {items.map((item) => (
            <AriaItem
              key={item.id}
              id={item.id}
              textValue={item.label}
              className="flex min-h-11 cursor-pointer items-center gap-3 rounded-xl px-3 text-sm font-medium outline-none data-focused:bg-sunken data-focus-visible:outline-2 data-focus-visible:outline-spruce sm:min-h-10"
            >
              {item.icon && <item.icon size={18} aria-hidden className="text-ink-3" />}
              <span className="grow">{item.label}</span>
              {item.selected && <Check size={18} aria-hidden className="text-spruce-text" />}
            </AriaItem>
          ))}
        </Menu>
      </Popover>
    </I18nProvider>
  );
}
