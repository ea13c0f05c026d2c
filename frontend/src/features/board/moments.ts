/** A moment as a field for local day and time takes it: "2026-12-02T10:00". */
export function toField(moment: string | null | undefined): string {
  if (!moment) return "";
  const at = new Date(moment);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What such a field holds as a moment; null when it is empty. */
export function fromField(text: string): string | null {
  const at = new Date(text);
  return text && !Number.isNaN(at.getTime()) ? at.toISOString().replace(/\.\d{3}/u, "") : null;
}
