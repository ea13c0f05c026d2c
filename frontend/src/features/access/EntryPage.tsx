import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { AfterMark } from "#/ui/Mark";
import { ProvedPage } from "./ProvedPage";
import { SetUpPage } from "./SetUpPage";
import { SignInPage } from "./SignInPage";
import { StrongerPage } from "./StrongerPage";

/** What comes before the app: the sign-in, and what some need right after it. */
export function EntryPage() {
  return (
    <AfterMark>
      <Step />
    </AfterMark>
  );
}

/** A link is redeemed first. */
function Step() {
  const { step } = useSearch({ from: "/sign-in" });
  const [redeems, setRedeems] = useState(() => location.hash.includes("token="));
  if (redeems) return <SignInPage onDone={() => setRedeems(false)} />;
  if (step === "stronger") return <StrongerPage />;
  if (step === "setup") return <SetUpPage />;
  if (step === "proved") return <ProvedPage />;
  return <SignInPage />;
}
