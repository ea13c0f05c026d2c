const font = "system-ui, sans-serif";
// Redoc looks words up in a worker made of a blob, which the page's policy forbids: the browser's own search serves.
window.Redoc.init(
  "/v1/openapi.json",
  {
    disableSearch: true,
    hideDownloadButton: false,
    nativeScrollbars: true,
    jsonSampleExpandLevel: 2,
    theme: {
      typography: {
        fontFamily: font,
        headings: { fontFamily: font },
        code: { fontFamily: "ui-monospace, monospace" },
      },
      colors: {
        primary: { main: "#1f3a8a" },
        success: { main: "#15803d" },
        error: { main: "#dc2626" },
        http: { get: "#166534", post: "#1d4ed8", put: "#7c2d12", patch: "#713f12", delete: "#991b1b" },
      },
      sidebar: { textColor: "#222222" },
    },
  },
  document.getElementById("reference"),
);
