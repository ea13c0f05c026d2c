import { Trans, useLingui } from "@lingui/react/macro";
import { CloudOff, Lock, type LucideIcon, RotateCw } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { cx } from "#/lib/text";
import { Button } from "./Button";
import { Mark } from "./Mark";

/** Nothing here yet, said kindly, with a next step where there is one. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
}: {
  icon?: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-2 px-4 py-10 text-center">
      {Icon ? <Icon aria-hidden size={28} className="text-ink-3" /> : <Mark size={44} />}
      <p className="mt-2 text-lg font-semibold">{title}</p>
      {children && <div className="max-w-prose text-ink-3">{children}</div>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}

/** Grey lines while the answer is on its way. */
export function Skeleton({ lines = 3, card = false }: { lines?: number; card?: boolean }) {
  const { t } = useLingui();
  return (
    <div
      role="status"
      aria-label={t`Loading`}
      className={cx("flex flex-col gap-3", card && "rounded-2xl border border-line bg-surface p-5")}
    >
      {Array.from({ length: lines }, (_, index) => index).map((index) => (
        <div
          key={index}
          className={cx("skeleton h-5", index % 3 === 2 ? "w-1/2" : index % 3 === 1 ? "w-5/6" : "w-full")}
        />
      ))}
    </div>
  );
}

/** Something failed: what happened, what to do, and the number to quote. */
export function ErrorState({
  title,
  detail,
  requestId,
  onRetry,
}: {
  title?: string;
  detail: string;
  requestId?: string | null;
  onRetry?: () => void;
}) {
  const { t } = useLingui();
  return (
    <div role="alert">
      <EmptyState
        icon={RotateCw}
        title={title ?? t`This didn't load`}
        action={
          onRetry && (
            <Button icon={RotateCw} onClick={onRetry}>
              <Trans>Try again</Trans>
            </Button>
          )
        }
      >
        <p>{detail}</p>
        {requestId && (
          <p className="mt-1 text-xs">
            <Trans>
              If it goes on, tell support this number: <code>{requestId}</code>
            </Trans>
          </p>
        )}
      </EmptyState>
    </div>
  );
}

export function NoPermission() {
  const { t } = useLingui();
  return (
    <EmptyState icon={Lock} title={t`This page isn't open to your role`}>
      <Trans>Ask your programme manager if you think it should be.</Trans>
    </EmptyState>
  );
}

export function OfflineState({ onRetry }: { onRetry?: () => void }) {
  const { t } = useLingui();
  useEffect(() => {
    if (!onRetry) return;
    addEventListener("online", onRetry);
    return () => removeEventListener("online", onRetry);
  }, [onRetry]);
  return (
    <div role="alert">
      <EmptyState
        icon={CloudOff}
        title={t`No connection to Vuoro`}
        action={
          onRetry && (
            <Button icon={RotateCw} onClick={onRetry}>
              <Trans>Try again</Trans>
            </Button>
          )
        }
      >
        <Trans>Your things are safe. The page comes back when the network does.</Trans>
      </EmptyState>
    </div>
  );
}
