import { useQuery } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";
import { $api } from "#/api/client";
import type { Me } from "#/api/types";
import { storage } from "#/lib/storage";

export const meQuery = () => $api.queryOptions("get", "/v1/me", {}, { staleTime: 5 * 60_000 });

/** Who is signed in. Pages inside the shell may count on it: the shell's route waits for it. */
export function useMe(): Me {
  const { data } = useQuery(meQuery());
  if (!data) throw new Error("useMe outside the shell");
  return data;
}

/** Ends the sign-in and opens a whole new page, so that nothing of this person stays in memory. */
export function useSignOut() {
  return $api.useMutation("delete", "/v1/logins/current", {
    meta: { signsOut: true },
    onSuccess: storage.eraseDrafts,
    onSettled: () => location.assign("/sign-in"),
  });
}

export type MyProgram = Me["programs"][number];
export type Role = MyProgram["roles"][number];

const listeners = new Set<() => void>();
const KEY = "vuoro-program";

/** The program chosen in the switcher, else the first running one. */
export function useCurrentProgram(): [MyProgram | null, (id: string) => void] {
  const me = useMe();
  const chosen = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => storage.get(KEY),
  );
  const choose = useCallback((id: string) => {
    storage.set(KEY, id);
    for (const listener of listeners) listener();
  }, []);
  const program =
    me.programs.find((each) => each.id === chosen) ??
    me.programs.find((each) => each.state === "running") ??
    me.programs[0] ??
    null;
  return [program, choose];
}

/** What somebody is: in one program, or anywhere. */
export function rolesOf(me: Me, program: MyProgram | null): Set<Role> {
  const roles = new Set<Role>(program?.roles ?? []);
  for (const grant of me.grants) {
    if (grant.role === "organization_admin" && grant.unit_id === null) roles.add("organization_admin");
    // Who looks after a unit manages its programs, which are listed with the role, and may start the first.
    const here = grant.unit_id ? !program : grant.program_id === null || grant.program_id === program?.id;
    if (grant.role === "programme_manager" && here) roles.add("programme_manager");
  }
  return roles;
}

/** Whether the whole organization's pages are open to them. */
export function isAdmin(me: Me): boolean {
  return me.grants.some((grant) => grant.role === "organization_admin" && grant.unit_id === null);
}

/** Whether concerns are entrusted to them. */
export function isContact(me: Me): boolean {
  return me.grants.some((grant) => grant.role === "safeguarding_contact");
}

export function takesPart(me: Me): boolean {
  return me.programs.some((program) => program.roles.includes("mentor") || program.roles.includes("mentee"));
}
