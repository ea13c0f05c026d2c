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
