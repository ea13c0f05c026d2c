/** Both pages in one part: the list of parts stays short. */
export { MyDataPage } from "./MyDataPage";
export { PrivacyPage } from "./PrivacyPage";
