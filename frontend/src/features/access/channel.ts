/** Where a tab beside says that its sign-in is done. */
export const PROVED = "vuoro-proved";
