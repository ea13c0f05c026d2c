import type { components } from "./schema";

type Schemas = components["schemas"];

export type Me = Schemas["Me"];
export type MentoringPair = Schemas["MentoringPair"];
export type MentoringSession = Schemas["MentoringSession"];
export type MatchReason = Schemas["MatchReason"];
export type PulseStatus = Schemas["PulseStatus"];
export type TodayOut = Schemas["TodayOut"];
export type DashboardOut = Schemas["DashboardOut"];
export type Can = MentoringPair["can"];
export type PersonRef = Schemas["PersonRef"];
export type PersonSummary = Schemas["PersonSummary"];
export type PersonOut = Schemas["PersonOut"];
export type ProgramOut = Schemas["ProgramOut"];
export type ProgramSettings = Schemas["ProgramSettings"];
export type EnrollmentOut = Schemas["EnrollmentOut"];
export type MatchRunOut = Schemas["MatchRunOut"];
export type SuggestionOut = Schemas["SuggestionOut"];
export type ImportOut = Schemas["ImportOut"];
export type ImportRowOut = Schemas["ImportRowOut"];
