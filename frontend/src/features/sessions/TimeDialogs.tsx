import { type ComponentProps, lazy, Suspense } from "react";

const load = () => import("./TimeDialog");
const Plan = lazy(() => load().then(({ PlanDialog }) => ({ default: PlanDialog })));
const Move = lazy(() => load().then(({ MoveDialog }) => ({ default: MoveDialog })));

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
