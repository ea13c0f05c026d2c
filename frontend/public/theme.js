// Runs before the first paint, so that a chosen theme or language never flashes.
try {
  const theme = localStorage.getItem("vuoro-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  const locale = localStorage.getItem("vuoro-locale");
  if (locale) document.documentElement.lang = locale;
} catch {
  // Storage may be blocked: the system's theme then holds.
}
