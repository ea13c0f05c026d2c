/** The script that this build begins with: its name is the build's. */
export function buildPath(): string {
  return document.querySelector("script[type=module]")?.getAttribute("src") ?? "";
}

/** A part of the code did not come: the network is gone, or a newer build is out. */
export function isPartMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    /dynamically imported module|module script failed|preload CSS/iu.test(String(error.cause ?? error))
  );
}

const RELOADED = "vuoro-reloaded";

/** Loads the page anew for its missing part, once for each build. False when that was done before. */
export function startAnew(): boolean {
  try {
    if (sessionStorage.getItem(RELOADED) === buildPath()) return false;
    sessionStorage.setItem(RELOADED, buildPath());
  } catch {
    return false;
  }
  location.reload();
  return true;
}
