import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ArrowLeft, ArrowRight, CircleCheck, MessageCircleQuestion } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { EnrollmentOut, PrimerOut } from "#/api/types";
import { pick } from "#/lib/i18n";
import { cx } from "#/lib/text";
import { Button, buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Page } from "#/ui/Page";
import { Skeleton } from "#/ui/states";
import { toast } from "#/ui/toast";

/** The warm-up before the first talk: structure and courage for the junior, listening for the executive. */
export function PrimerPage() {
  const { t } = useLingui();
  const { enrollmentId } = useParams({ from: "/shell/primer/$enrollmentId" });
  const enrollment = useQuery(
    $api.queryOptions("get", "/v1/enrollments/{enrollment_id}", {
      params: { path: { enrollment_id: enrollmentId } },
    }),
  );
  return (
    <Loaded query={enrollment} page={t`Before the first talk`} skeleton={<Skeleton card lines={8} />}>
      {(found) => <Primer enrollment={found} />}
    </Loaded>
  );
}

function Primer({ enrollment }: { enrollment: EnrollmentOut }) {
  const { t, i18n } = useLingui();
  const primer = useQuery(
    $api.queryOptions("get", "/v1/primers/{role}", { params: { path: { role: enrollment.role } } }),
  );
  const minutes = primer.data?.minutes;
  return (
    <Page
      title={primer.data ? pick(primer.data.title, i18n.locale) : t`Before the first talk`}
      lead={minutes && <Trans>About {minutes} minutes, once, before the first talk</Trans>}
    >
      <Loaded query={primer} skeleton={<Skeleton card lines={8} />}>
        {(found) => <Steps primer={found} enrollment={enrollment} />}
      </Loaded>
    </Page>
  );
}

function Steps({ primer, enrollment }: { primer: PrimerOut; enrollment: EnrollmentOut }) {
  const { t, i18n } = useLingui();
  const navigate = useNavigate();
  const [at, setAt] = useState(0);
  const heading = useRef<HTMLHeadingElement>(null);
  const turned = useRef(false);
  const finish = $api.useMutation("post", "/v1/enrollments/{enrollment_id}/complete-primer", {
    onSuccess() {
      toast(t`You are ready. Enjoy the first talk.`);
      navigate({ to: "/" });
    },
  });
  // A page that turns is announced: the focus goes to its heading.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it follows the page that shows
  useEffect(() => {
    if (turned.current) heading.current?.focus();
    turned.current = true;
  }, [at]);
  const { pages } = primer;
  const page = pages[at];
  if (!page) return null;
  const words = (text: Parameters<typeof pick>[0]) => pick(text, i18n.locale);
  const number = at + 1;
  const of = pages.length;
  return (
    <div className="max-w-2xl">
      <div role="img" aria-label={t`Page ${number} of ${of}`} className="mb-4 flex gap-1.5">
        {pages.map((each, index) => (
          <span
            key={each.title.en}
            className={cx(
              "h-1.5 flex-1 rounded-full",
              index < at ? "bg-spruce-fill" : index === at ? "bg-cloud" : "bg-track",
            )}
          />
        ))}
      </div>
      <Card>
        <h2 ref={heading} tabIndex={-1} className="mb-3 font-display text-xl leading-7 font-bold">
          {words(page.title)}
        </h2>
        <div className="flex flex-col gap-3 text-ink-2">
          {page.text.map((paragraph) => (
            <p key={paragraph.en}>{words(paragraph)}</p>
          ))}
        </div>
        <div className="mt-5 flex gap-3 rounded-xl bg-cloud-soft p-4 text-cloud-text">
          <MessageCircleQuestion size={20} aria-hidden className="mt-0.5 shrink-0" />
          <div>
            <p className="font-semibold">{words(page.question)}</p>
            <p className="text-sm">
              <Trans>Just for you to think about. Nothing is written down.</Trans>
            </p>
          </div>
        </div>
      </Card>
      <div className="mt-4 flex flex-wrap justify-between gap-2">
        {at > 0 ? (
          <Button icon={ArrowLeft} onClick={() => setAt(at - 1)}>
            <Trans>Back</Trans>
          </Button>
        ) : (
          <span />
        )}
        {at < pages.length - 1 ? (
          <Button tone="primary" icon={ArrowRight} onClick={() => setAt(at + 1)}>
            <Trans>Go on</Trans>
          </Button>
        ) : enrollment.can.complete_primer?.allowed ? (
          <Button
            tone="primary"
            icon={CircleCheck}
            busy={finish.isPending}
            onClick={() => finish.mutate({ params: { path: { enrollment_id: enrollment.id } } })}
          >
            <Trans>I am ready</Trans>
          </Button>
        ) : (
          <Link to="/" className={buttonLook()}>
            <Trans>Go to Today</Trans>
          </Link>
        )}
      </div>
    </div>
  );
}
