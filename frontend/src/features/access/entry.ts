/** All of coming in as one part: each page alone would cost everybody's first load more than it saves. */
export { DevicesPage } from "./DevicesPage";
export { EntryPage } from "./EntryPage";
export { proveAgain } from "./proveAgain";
