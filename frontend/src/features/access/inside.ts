/** A page of this site, never another address. */
export function insideOf(next: string | undefined): string {
  return next && /^\/(?![/\\])/u.test(next) ? next : "/";
}
