import type { EnrollmentOut } from "#/api/types";
import type { Level } from "#/features/programs/ProfileFields";

/** What somebody tells when they apply. */
export interface Profile {
  skills: Level[];
  topics: string[];
  languages: Level[];
  superpower: string;
  wants: string[];
}

export const EMPTY: Profile = { skills: [], topics: [], languages: [], superpower: "", wants: [] };

/** What is known of an enrollment already, as the form starts from it. */
export function known(enrollment: EnrollmentOut): Profile {
  return {
    skills: enrollment.skills.map(({ slug, level }) => ({ slug, level })),
    topics: enrollment.topics,
    languages: enrollment.languages.map(({ code, level }) => ({ slug: code, level })),
    superpower: enrollment.superpower ?? "",
    wants: enrollment.wants_to_understand,
  };
}

/** The profile as the API takes it: each side tells what is its own, and no empty line. */
export function toBody(role: "mentor" | "mentee", profile: Profile) {
  const wants = profile.wants.map((line) => line.trim()).filter(Boolean);
  const languages = profile.languages.map(({ slug, level }) => ({ code: slug, level }));
  return {
    topics: profile.topics,
    skills: profile.skills,
    ...(languages.length > 0 && { languages }),
    ...(role === "mentor"
      ? { superpower: profile.superpower.trim() || null }
      : { wants_to_understand: wants }),
  };
}

/** Skills with how dear each was to its owner, which the form does not ask for and so must not lose. */
export function keepWeights(skills: Level[], before: EnrollmentOut["skills"]) {
  return skills.map(({ slug, level }) => {
    const weight = before.find((skill) => skill.slug === slug)?.weight;
    return { slug, level, ...(weight && { weight }) };
  });
}
