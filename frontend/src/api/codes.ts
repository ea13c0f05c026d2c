import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/**
 * The words of every code that the API sends: of a problem, of a field, or as the reason in a `can`.
 *
 * The app itself finds them in the catalog by their id (see wordsFor), so that this list costs no reader a byte.
 */
export const CODES: Record<string, MessageDescriptor> = {
  unreachable: msg({
    id: "problem.unreachable",
    message: "We couldn't reach Vuoro. Check your connection and try again.",
  }),
  unauthenticated: msg({ id: "problem.unauthenticated", message: "Please sign in to go on." }),
  erasure_waiting: msg({ id: "problem.erasure_waiting", message: "An erasure waits already." }),
  last_admin: msg({
    id: "problem.last_admin",
    message: "Nobody else administers the organization. Name another admin first.",
  }),
  unit_exists: msg({ id: "problem.unit_exists", message: "Another unit has this name." }),
  unit_in_use: msg({
    id: "problem.unit_in_use",
    message: "Somebody has a role in this unit, or a programme belongs to it. Change that first.",
  }),
  terms_not_agreed: msg({
    id: "problem.terms_not_agreed",
    message: "Read the programme's terms and agree to them first.",
  }),
  too_many_rows: msg({
    id: "problem.too_many_rows",
    message: "That would be too many rows for one file. Choose fewer, for example by days.",
  }),
  field_owned: msg({
    id: "problem.field_owned",
    message: "A directory connection keeps this. Change it where it comes from.",
  }),
  manager_cycle: msg({
    id: "problem.manager_cycle",
    message: "This manager reports to the person, directly or further down.",
  }),
  rule_exists: msg({ id: "problem.rule_exists", message: "The group gives this already." }),
  role_or_part: msg({ id: "problem.role_or_part", message: "Choose either a role or a part in a program." }),
  program_missing: msg({ id: "problem.program_missing", message: "Choose a program too." }),
  whole_organization: msg({
    id: "problem.whole_organization",
    message: "An admin is one for the whole organization.",
  }),
  user_name_taken: msg({ id: "problem.user_name_taken", message: "Another person has this user name." }),
  forbidden: msg({ id: "problem.forbidden", message: "This isn't open to your role." }),
  not_found: msg({
    id: "problem.not_found",
    message: "We couldn't find that. It may have moved, or it isn't shared with you.",
  }),
  conflict: msg({ id: "problem.conflict", message: "That isn't possible just now." }),
  illegal_transition: msg({
    id: "problem.illegal_transition",
    message: "Things have moved on since this page was opened. We fetched the latest.",
  }),
  precondition_failed: msg({
    id: "problem.precondition_failed",
    message: "Somebody was faster: this was changed meanwhile. We fetched the latest, please try again.",
  }),
  precondition_required: msg({
    id: "problem.precondition_required",
    message: "This page was out of date. We fetched the latest, please try again.",
  }),
  validation_failed: msg({
    id: "problem.validation_failed",
    message: "Something in the form needs a change.",
  }),
  idempotency_key_reused: msg({ id: "problem.idempotency_key_reused", message: "This was already sent." }),
  rate_limited: msg({
    id: "problem.rate_limited",
    message: "That was many tries in a row. Wait a moment, then try again.",
  }),
  payload_too_large: msg({ id: "problem.payload_too_large", message: "The file is too large." }),
  database_unavailable: msg({
    id: "problem.database_unavailable",
    message: "Vuoro is catching its breath. Try again in a moment.",
  }),
  busy: msg({
    id: "problem.busy",
    message: "Something long is being worked out just now. Try again in a moment.",
  }),
  server_error: msg({
    id: "problem.server_error",
    message: "Something went wrong on our side. Nothing you did; please try again.",
  }),
  agreement_missing: msg({
    id: "problem.agreement_missing",
    message: "Both of you sign the agreement first.",
  }),
  too_early: msg({
    id: "problem.too_early",
    message: "A talk can be marked as held from fifteen minutes before it begins.",
  }),
  no_moves_left: msg({
    id: "problem.no_moves_left",
    message: "This talk has been moved twice. Keep the time, or plan another.",
  }),
  already_given: msg({ id: "problem.already_given", message: "You have answered already." }),
  not_due: msg({ id: "problem.not_due", message: "No pulse is asked after this talk." }),
  pair_not_active: msg({ id: "problem.pair_not_active", message: "This pair isn't under way just now." }),
  already_enrolled: msg({ id: "problem.already_enrolled", message: "This person already takes part." }),
  not_your_turn: msg({ id: "problem.not_your_turn", message: "It isn't your turn yet." }),
  wrong_state: msg({ id: "problem.wrong_state", message: "That isn't possible in this phase." }),
  not_allowed: msg({ id: "problem.not_allowed", message: "This isn't open to your role." }),
  nobody_enrolled: msg({
    id: "problem.nobody_enrolled",
    message: "At least one mentor and one mentee are needed first.",
  }),
  nothing_to_publish: msg({
    id: "problem.nothing_to_publish",
    message: "No suggested pair is left to ask about.",
  }),
  match_run_busy: msg({ id: "problem.match_run_busy", message: "A search is at work already." }),
  match_run_stale: msg({
    id: "problem.match_run_stale",
    message: "People or their details have changed since this search. Search again.",
  }),
  nothing_to_compare: msg({
    id: "problem.nothing_to_compare",
    message: "There is no other search to compare with yet.",
  }),
  trial: msg({
    id: "problem.trial",
    message: "This search only tried something out. Search for real first.",
  }),
  suggestions_outdated: msg({
    id: "problem.suggestions_outdated",
    message: "Things have changed since the search. Nobody was asked.",
  }),
  file_unreadable: msg({ id: "problem.file_unreadable", message: "The file couldn't be read." }),
  mass_deactivation: msg({
    id: "problem.mass_deactivation",
    message: "Many people would be marked as left at once. Confirm that first.",
  }),
  not_ready: msg({
    id: "problem.not_ready",
    message: "Something is needed first. The list on this page says what.",
  }),
  dates_missing: msg({
    id: "problem.dates_missing",
    message: "Give the program a first and a last day first.",
  }),
  cohort_missing: msg({ id: "problem.cohort_missing", message: "An open cohort is needed first." }),
  purpose_missing: msg({ id: "problem.purpose_missing", message: "Write what the program is for first." }),
  no_pairs: msg({ id: "problem.no_pairs", message: "Ask at least one pair first." }),
  no_next_cohort: msg({ id: "problem.no_next_cohort", message: "Open the next cohort first." }),
  pairs_active: msg({
    id: "problem.pairs_active",
    message: "Some pairs are still under way. They close in peace first.",
  }),
  primer_missing: msg({
    id: "problem.primer_missing",
    message: "Both of you finish the short warm-up before the first talk counts.",
  }),
  not_for_delegates: msg({
    id: "problem.not_for_delegates",
    message: "You book and move talks for somebody. This is for the two alone.",
  }),
  not_your_part: msg({
    id: "problem.not_your_part",
    message: "The agenda is the mentor's; the mentee brings one question or idea.",
  }),
  is_shadow: msg({ id: "problem.is_shadow", message: "A shadow keeps its own plan." }),
  not_over: msg({ id: "problem.not_over", message: "This can be said when the time of the talk is over." }),
  already_over: msg({ id: "problem.already_over", message: "Its time is over. Say whether you met." }),
  already_said: msg({ id: "problem.already_said", message: "You have said so already." }),
  planned_again: msg({
    id: "problem.planned_again",
    message: "This talk was planned again, so it stays as it is.",
  }),
  too_late: msg({ id: "problem.too_late", message: "This can be said within two weeks after the talk." }),
  slot_passed: msg({
    id: "problem.slot_passed",
    message: "That time has gone by. Choose a later one, or propose another.",
  }),
  overlaps: msg({ id: "problem.overlaps", message: "You two have another talk at that time." }),
  already_planned: msg({ id: "problem.already_planned", message: "This talk is planned already." }),
  arc_booked: msg({ id: "problem.arc_booked", message: "All talks are booked already." }),
  no_common_time: msg({
    id: "problem.no_common_time",
    message: "We found no time that suits you both. Choose the time yourselves.",
  }),
  too_many: msg({ id: "problem.too_many", message: "There are many here already. Let one go first." }),
  too_many_goals: msg({
    id: "problem.too_many_goals",
    message: "There are many goals already. Let one go first.",
  }),
  already_done: msg({ id: "problem.already_done", message: "This is done already." }),
  not_done: msg({ id: "problem.not_done", message: "This is still open." }),
  not_begun: msg({ id: "problem.not_begun", message: "This is written when the talk has begun." }),
  already_shared: msg({ id: "problem.already_shared", message: "You both see this already." }),
  already_brought: msg({ id: "problem.already_brought", message: "This is on the talk's board already." }),
  already_signed: msg({ id: "problem.already_signed", message: "You have signed already." }),
  commitment_made: msg({ id: "problem.commitment_made", message: "You have said already what changes." }),
  person_left: msg({
    id: "problem.person_left",
    message: "The other one has left the organization. If you like, ask for a new pair.",
  }),
  already_proposed: msg({
    id: "problem.already_proposed",
    message: "This pair waits for a second manager's word already.",
  }),
  rule_broken: msg({
    id: "problem.rule_broken",
    message: "A rule of this program stands against this pair.",
  }),
  wish_makes_no_offer: msg({
    id: "problem.wish_makes_no_offer",
    message: "In this program a wish counts when pairs are looked for, and asks nobody by itself.",
  }),
  program_over: msg({
    id: "problem.program_over",
    message: "This program is over, so the pair can't go on in it.",
  }),
  already_looking: msg({
    id: "problem.already_looking",
    message: "You have asked for a new pair already. We tell you as soon as there is one.",
  }),
  not_enrolled: msg({
    id: "problem.not_enrolled",
    message: "You don't take part in this program just now. Apply again, and we look for a pair.",
  }),
  program_not_open: msg({
    id: "problem.program_not_open",
    message: "This program takes nobody in just now.",
  }),
  invitation_needed: msg({
    id: "problem.invitation_needed",
    message: "This program is for people who were invited.",
  }),
  tenure_too_short: msg({
    id: "problem.tenure_too_short",
    message: "A mentor of this program has been here a little longer. A taster is open to all.",
  }),
  ask_instead: msg({
    id: "problem.ask_instead",
    message: "This person no longer takes part. Invite them, then they decide.",
  }),
  pair_is_open: msg({
    id: "problem.pair_is_open",
    message: "This person has a pair, which only the two themselves end.",
  }),
  fixed_once_running: msg({
    id: "problem.fixed_once_running",
    message: "This is fixed once the program runs. The pairs count on it.",
  }),
  sent_recently: msg({
    id: "problem.sent_recently",
    message: "This invitation went out less than three days ago.",
  }),
  link_over: msg({
    id: "problem.link_over",
    message: "This link isn't open any more. Ask for a new one from whoever gave it to you.",
  }),
  not_all_possible: msg({
    id: "problem.not_all_possible",
    message: "Some of these can't be done, so nothing was changed.",
  }),
  not_self_chosen: msg({
    id: "problem.not_self_chosen",
    message: "In this program people don't choose for themselves.",
  }),
  cohort_name_taken: msg({
    id: "problem.cohort_name_taken",
    message: "Another cohort of this program has this name.",
  }),
  too_many_challenges: msg({
    id: "problem.too_many_challenges",
    message: "You have many challenges open already. Close one first.",
  }),
  closed: msg({ id: "problem.closed", message: "This is closed." }),
  published: msg({ id: "problem.published", message: "This is published and stays as it is." }),
  not_open: msg({ id: "problem.not_open", message: "This isn't open just now." }),
  missed: msg({ id: "problem.missed", message: "The time for this has passed. No harm done." }),
  no_contact: msg({
    id: "problem.no_contact",
    message: "No safeguarding contact can be chosen for you. Choose one, or ask HR to name another.",
  }),
  delegate_in_line: msg({
    id: "problem.delegate_in_line",
    message: "This person is above your mentor in the organization. Choose somebody else to book for you.",
  }),
  delegate_in_pair: msg({ id: "problem.delegate_in_pair", message: "Your own mentor can't book for you." }),
  roles_clash: msg({
    id: "problem.roles_clash",
    message: "These two roles can't be held by the same person.",
  }),
  grant_exists: msg({ id: "problem.grant_exists", message: "This person has that role already." }),
  person_exists: msg({ id: "problem.person_exists", message: "This person is in the directory already." }),
  method_not_allowed: msg({ id: "problem.method_not_allowed", message: "That isn't possible here." }),
  bad_request: msg({
    id: "problem.bad_request",
    message: "That request couldn't be read. Please try again.",
  }),
  reminder_too_late: msg({
    id: "problem.reminder_too_late",
    message: "The reminder comes before the offer ends.",
  }),
  capacity_too_high: msg({
    id: "problem.capacity_too_high",
    message: "A mentor has fewer pairs at a time here.",
  }),
  in_the_past: msg({ id: "problem.in_the_past", message: "This day has passed." }),
  not_in_future: msg({
    id: "problem.not_in_future",
    message: "Choose a time ahead, at most two years away.",
  }),
  before_start: msg({ id: "problem.before_start", message: "The last day comes after the first." }),
  missing: msg({ id: "problem.missing", message: "This is needed." }),
  all_zero: msg({ id: "problem.all_zero", message: "At least one must count for something." }),
  no_conflict: msg({
    id: "problem.no_conflict",
    message: "Only a pair that waits because of the organization takes this.",
  }),
  override_pending: msg({ id: "problem.override_pending", message: "An exception was asked for already." }),
  conflict_gone: msg({
    id: "problem.conflict_gone",
    message: "Nothing stands between the two any more: ask the mentor whether to go on.",
  }),
  still_in_line: msg({
    id: "problem.still_in_line",
    message: "One of the two is still above the other: this takes an exception by two managers.",
  }),
  unknown_line: msg({
    id: "problem.unknown_line",
    message: "It isn't known who is above one of the two. Set their manager right first.",
  }),
  line_changed: msg({
    id: "problem.line_changed",
    message: "They stand closer to each other now than when this was asked for. Take it back and ask anew.",
  }),
  no_override: msg({
    id: "problem.no_override",
    message: "No exception was asked for, or the mentor has answered.",
  }),
  own_pair: msg({ id: "problem.own_pair", message: "It is your own pair: other managers decide about it." }),
  in_their_line: msg({
    id: "problem.in_their_line",
    message: "You stand between the two in the organization: others decide about it.",
  }),
  needs_another_manager: msg({
    id: "problem.needs_another_manager",
    message: "You asked for it yourself: another manager agrees to it.",
  }),
  mentor_asked: msg({ id: "problem.mentor_asked", message: "The mentor is asked already." }),
  stronger_sign_in_needed: msg({
    id: "problem.stronger_sign_in_needed",
    message: "Your role needs a passkey or your organization's own sign-in.",
  }),
  fresh_sign_in_needed: msg({
    id: "problem.fresh_sign_in_needed",
    message: "Show once more that it is you, then try again.",
  }),
  link_spent: msg({
    id: "problem.link_spent",
    message: "This link has been used or is too old. Ask for a new one.",
  }),
  other_browser: msg({ id: "problem.other_browser", message: "This link was asked for in another browser." }),
  code_wrong: msg({ id: "problem.code_wrong", message: "That isn't the code. Look for the newest mail." }),
  code_spent: msg({
    id: "problem.code_spent",
    message: "This code is of no use any more. Ask for a new one.",
  }),
  passkey_refused: msg({
    id: "problem.passkey_refused",
    message: "This passkey didn't work. Please try once more.",
  }),
  too_many_passkeys: msg({
    id: "problem.too_many_passkeys",
    message: "You have many passkeys already. Let one go first.",
  }),
  identity_provider_away: msg({
    id: "problem.identity_provider_away",
    message: "Your organization's sign-in doesn't answer just now. Have a code mailed instead.",
  }),
  identity_provider_refused: msg({
    id: "problem.identity_provider_refused",
    message: "Your organization's sign-in didn't confirm who you are. Please try once more.",
  }),
  mail_not_verified: msg({
    id: "problem.mail_not_verified",
    message: "Your organization's sign-in didn't vouch for your work address.",
  }),
  nobody_here: msg({
    id: "problem.nobody_here",
    message: "Nobody here has the address that your organization's sign-in knows. Ask your HR.",
  }),
  account_taken: msg({
    id: "problem.account_taken",
    message: "Another account of your organization's sign-in belongs to this address. Ask your HR.",
  }),
  sign_in_expired: msg({
    id: "problem.sign_in_expired",
    message: "That took too long, or was begun elsewhere. Please begin anew.",
  }),
  sign_in_not_fresh: msg({
    id: "problem.sign_in_not_fresh",
    message: "Your organization's sign-in didn't ask you again. Use a passkey instead.",
  }),
  address_taken: msg({ id: "problem.address_taken", message: "Somebody here has this address already." }),
  unreachable_issuer: msg({
    id: "problem.unreachable_issuer",
    message: "Nothing that can be used answers at this address.",
  }),
  wrong_issuer: msg({
    id: "problem.wrong_issuer",
    message: "What answers there calls itself something else, or lacks what is needed.",
  }),
  https_only: msg({ id: "problem.https_only", message: "Write an address that begins with https://." }),
  too_many_secrets: msg({
    id: "problem.too_many_secrets",
    message: "Two keys live already. Delete the one no longer in use first.",
  }),
  too_many_webhook_endpoints: msg({
    id: "problem.too_many_webhook_endpoints",
    message: "There are twenty addresses already. Remove one that is no longer used.",
  }),
  two_secrets_live: msg({
    id: "problem.two_secrets_live",
    message: "Two secrets count already. Wait until the old one ends, or end it now.",
  }),
  webhook_endpoint_off: msg({ id: "problem.webhook_endpoint_off", message: "Turn it on first." }),
  not_to_replay: msg({ id: "problem.not_to_replay", message: "This one isn't sent again." }),
  address_refused: msg({
    id: "problem.address_refused",
    message: "Vuoro calls public https:// addresses, without a name or password in them.",
  }),
  unknown_program: msg({ id: "problem.unknown_program", message: "This program isn't there any more." }),
  undo_over: msg({
    id: "problem.undo_over",
    message: "Only the newest import can be undone, for thirty days.",
  }),
  mapping_name_taken: msg({
    id: "problem.mapping_name_taken",
    message: "There is a mapping of this name already.",
  }),
  too_many_mappings: msg({
    id: "problem.too_many_mappings",
    message: "Fifty mappings are kept already. Forget one first.",
  }),
  api_client_revoked: msg({ id: "problem.api_client_revoked", message: "This access has ended for good." }),
  insufficient_scope: msg({ id: "problem.insufficient_scope", message: "This app may only look." }),
  bad_redirect_uri: msg({
    id: "problem.bad_redirect_uri",
    message: "An address is https://…, com.example.app:/… or http://127.0.0.1/…, without * or #.",
  }),
};
