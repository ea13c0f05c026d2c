/** Reads and writes the browser's own storage, which may be blocked or full. */
export const storage = {
  get(key: string): string | null {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(key: string, value: string | null): void {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch {
      // A choice that is not remembered is better than a page that fails.
    }
  },
  /** Erases what somebody wrote and did not send, for signing out; what is on its way waits for them. */
  eraseDrafts(): void {
    try {
      for (const key of Object.keys(localStorage))
        if (/^vuoro-draft:(?!notes:|seeds:)/u.test(key)) localStorage.removeItem(key);
    } catch {
      // Where nothing is kept, nothing is left.
    }
  },
};
