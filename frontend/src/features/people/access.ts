import { isAdmin, useMe } from "#/features/identity/me";

/** Whether HR's own pages are open to me. */
export function useIsAdmin(): boolean {
  return isAdmin(useMe());
}

/** Whether I may look people up: HR and program managers may. */
export function useReadsDirectory(): boolean {
  const me = useMe();
  return (
    me.grants.some((grant) => grant.role === "organization_admin" || grant.role === "programme_manager") ||
    me.programs.some((program) => program.roles.includes("programme_manager"))
  );
}
