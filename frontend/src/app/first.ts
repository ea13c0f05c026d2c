import "./index.css";
import "react-dom/client";

// The libraries run in a piece of work of their own, so that a slow phone can draw and listen before the app's begins.
setTimeout(() => import("./main"));
