import { type ComponentProps, lazy, Suspense } from "react";
import { withWords } from "#/lib/i18n";

// The dialogs open on the home page too, where their words are not yet.
const load = () => withWords("member", import("./TimeDialog"));
const Plan = lazy(() => load().then(({ PlanDialog }) => ({ default: PlanDialog })));
const Move = lazy(() => load().then(({ MoveDialog }) => ({ default: MoveDialog })));

const Arc = lazy(() =>
  withWords("member", import("./Arc")).then(({ ArcDialog }) => ({ default: ArcDialog })),
);

/** The dialogs to plan and to move a talk; their code comes with the first press. */
export function PlanDialog(props: ComponentProps<typeof Plan>) {
  return props.open ? (
    <Suspense>
      <Plan {...props} />
    </Suspense>
  ) : null;
}

export function MoveDialog(props: ComponentProps<typeof Move>) {
  return props.open ? (
    <Suspense>
      <Move {...props} />
    </Suspense>
  ) : null;
}

export function ArcDialog(props: ComponentProps<typeof Arc>) {
  return props.open ? (
    <Suspense>
      <Arc {...props} />
    </Suspense>
  ) : null;
}
