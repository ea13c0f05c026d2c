"""Who may do what: one row an operation, one column a caller. Reviewed by people, held by tests/test_access.py."""

CALLERS = {
    "anonymous": "nobody signed in",
    "employee": "somebody of the company without a part or role (Amina)",
    "mentor": "the pair's mentor (Noa)",
    "mentee": "the pair's mentee (Maria)",
    "manager": "programme manager of all programs (Petra)",
    "elsewhere": "programme manager of another program (Olli, who is also Noa's line manager)",
    "sponsor": "sponsor, and a safeguarding contact whom nothing was entrusted to (Jukka)",
    "admin": "organization admin, HR or IT (Helena)",
    "reader": "a machine with every reading scope",
    "writer": "a machine with people:write",
    "foreign": "organization admin of another company",
}
# The columns of TABLE stand in this order; the callers below have no column of their own there.
# + may · 1 must sign in (401) · 3 may not (403) · 4 does not see it (404) · 9 sees it, and it is not their turn (409)
TABLE = """
action_items_change             1 4 + + 4 4 4 4 4 4 4
action_items_create             1 4 + + 4 4 4 4 4 4 4
action_items_delete             1 4 + + 4 4 4 4 4 4 4
action_items_finish             1 4 + + 4 4 4 4 4 4 4
action_items_get                1 4 + + 4 4 4 4 4 4 4
action_items_list               1 4 + + 4 4 4 4 4 4 4
action_items_reopen             1 4 + + 4 4 4 4 4 4 4
agendas_get                     1 4 + + 4 4 4 4 4 4 4
agendas_write                   1 4 + 3 4 4 4 4 4 4 4
agreements_get                  1 4 + + 4 4 4 4 4 4 4
agreements_sign                 1 4 + + 4 4 4 4 4 4 4
announcements_change            1 4 4 4 + 4 4 + 4 4 4
announcements_create            1 4 3 3 + 4 3 + 3 4 4
announcements_get               1 4 + + + 4 4 + 4 4 4
announcements_list              1 4 + + + 4 + + + 4 4
announcements_publish           1 4 4 4 + 4 4 + 4 4 4
announcements_withdraw          1 4 3 3 + 4 4 + 4 4 4
api_clients_change              1 3 3 3 3 3 3 + 3 3 4
api_clients_create              1 3 3 3 3 3 3 + 3 3 +
api_clients_get                 1 3 3 3 3 3 3 + 3 3 4
api_clients_list                1 3 3 3 3 3 3 + 3 3 +
api_clients_revoke              1 3 3 3 3 3 3 + 3 3 4
api_secrets_create              1 3 3 3 3 3 3 + 3 3 4
api_secrets_delete              1 3 3 3 3 3 3 + 3 3 4
app_requests_answer             1 + + + + + + + 3 3 4
app_requests_read               1 + + + + + + + 3 3 4
apps_end                        1 4 + 4 4 4 4 4 3 3 4
apps_list                       1 + + + + + + + 3 3 +
arcs_book                       1 4 + + 4 4 4 4 4 4 4
arcs_preview                    1 4 + + 4 4 4 4 4 4 4
audit_log_list                  1 + + + + + + + + + +
audit_log_export                1 + + + + + + + + + +
calendar_feeds_get              1 + + + + + + + 3 3 +
calendar_feeds_make             1 + + + + + + + 3 3 +
calendar_feeds_read             4 4 4 4 4 4 4 4 4 4 4
calendar_feeds_stop             1 + + + + + + + 3 3 +
candid_messages_answer          1 4 3 + 4 4 4 4 4 4 4
candid_messages_change          1 4 + 4 4 4 4 4 4 4 4
candid_messages_create          1 4 + + 4 4 4 4 4 4 4
candid_messages_delete          1 4 + 4 4 4 4 4 4 4 4
candid_messages_get             1 4 + + 4 4 4 4 4 4 4
candid_messages_give            1 4 + 4 4 4 4 4 4 4 4
candid_messages_list            1 + + + + + + + 3 3 +
candid_messages_withdraw        1 4 + 3 4 4 4 4 4 4 4
concern_contacts_list           1 + + + + + + + 3 3 +
concerns_acknowledge            1 4 3 4 4 4 4 4 4 4 4
concerns_close                  1 4 3 4 4 4 4 4 4 4 4
concerns_create                 1 + + + + + + + 3 3 9
concerns_get                    1 4 + 4 4 4 4 4 4 4 4
concerns_list                   1 + + + + + + + 3 3 +
challenges_change               1 4 3 + + 4 4 + 4 4 4
challenges_get                  1 4 + + + 4 4 + 4 4 4
challenges_list                 1 4 + + + 4 + + + 4 4
challenges_post                 1 4 3 + 3 4 3 3 3 4 4
cohorts_change                  1 4 3 3 + 4 3 + 3 4 4
cohorts_create                  1 4 3 3 + 4 3 + 3 4 4
cohorts_discard                 1 4 4 4 + 4 4 + 4 4 4
cohorts_get                     1 4 + + + 4 + + + 4 4
cohorts_list                    1 4 + + + 4 + + + 4 4
cohorts_open                    1 4 4 4 + 4 4 + 4 4 4
dashboards_get                  1 4 3 3 + 4 3 + 3 4 4
delegated_pairs_list            1 + + + + + + + 3 3 +
delegate_candidates_list        1 3 3 + 3 3 3 3 3 3 3
delegates_get                   1 + + + + + + + 3 3 +
delegates_set                   1 3 3 + 3 3 3 3 3 3 3
branding_get                    + + + + + + + + + + +
branding_logo                   4 4 4 4 4 4 4 4 4 4 4
organization_logo_set           1 3 3 3 3 3 3 + 3 3 +
organization_logo_remove        1 3 3 3 3 3 3 + 3 3 +
candidates_list                 1 4 + 3 3 4 3 3 3 4 4
enrollments_agree               1 4 + 4 3 4 4 3 4 4 4
enrollments_apply               1 4 + 4 9 4 4 9 4 4 4
enrollments_approve             1 4 9 4 + 4 4 + 4 4 4
enrollments_change              1 4 + 4 + 4 4 + 4 4 4
enrollments_complete_primer     1 4 + 4 3 4 4 3 4 4 4
enrollments_create              1 3 3 3 + 3 3 + 3 4 4
enrollments_decide              1 4 3 3 + 4 3 + 3 4 4
enrollments_decline             1 4 9 4 + 4 4 + 4 4 4
enrollments_get                 1 4 + 4 + 4 4 + 4 4 4
enrollments_export              1 4 3 3 + 4 3 + 3 4 4
enrollments_list                1 4 + + + 4 + + + 4 4
enrollments_import              1 4 3 3 + 4 3 + 3 4 4
enrollments_pause               1 4 + 4 + 4 4 + 4 4 4
enrollments_resume              1 4 + 4 + 4 4 + 4 4 4
enrollments_waitlist            1 4 9 4 + 4 4 + 4 4 4
enrollments_withdraw            1 4 + 4 + 4 4 + 4 4 4
goals_change                    1 4 + 3 4 4 4 4 4 4 4
goals_create                    1 4 + + 4 4 4 4 4 4 4
goals_delete                    1 4 + 3 4 4 4 4 4 4 4
goals_get                       1 4 + + 4 4 4 4 4 4 4
goals_list                      1 4 + + 4 4 4 4 4 4 4
free_times_list                 1 4 + + 4 4 4 4 4 4 4
feedback_summaries_get          1 4 3 3 + 4 + + + 4 4
fit_checks_give                 1 4 + + 4 4 4 4 4 4 4
fit_checks_list                 1 4 + + 4 4 4 4 4 4 4
grants_give                     1 3 3 3 3 3 3 + 3 3 +
grants_list                     1 3 3 3 3 3 3 + 3 3 +
grants_take                     1 3 3 3 3 3 3 + 3 3 4
identity_provider_check         1 3 3 3 3 3 3 + 3 3 +
identity_provider_get           1 3 3 3 3 3 3 + 3 3 4
identity_provider_remove        1 3 3 3 3 3 3 + 3 3 4
identity_provider_set           1 3 3 3 3 3 3 + 3 3 +
health_get                      + + + + + + + + + + +
idea_seed_prompts_list          1 + + + + + + + 3 3 +
idea_seeds_bring                1 4 + 4 4 4 4 4 4 4 4
idea_seeds_change               1 4 + 4 4 4 4 4 4 4 4
idea_seeds_create               1 + + + + + + + 3 3 +
idea_seeds_delete               1 4 + 4 4 4 4 4 4 4 4
idea_seeds_get                  1 4 + 4 4 4 4 4 4 4 4
idea_seeds_list                 1 + + + + + + + 3 3 +
imports_apply                   1 4 4 4 4 4 4 + 4 + 4
imports_change                  1 4 4 4 4 4 4 + 4 + 4
imports_choices                 1 4 4 4 4 4 4 + 4 + 4
imports_create                  1 3 3 3 3 3 3 + 3 + +
imports_discard                 1 4 4 4 4 4 4 + 4 + 4
imports_get                     1 4 4 4 4 4 4 + 4 + 4
imports_list                    1 + + + + + + + + + +
imports_undo                    1 4 4 4 4 4 4 + 4 + 4
imports_rows                    1 4 4 4 4 4 4 + 4 + 4
import_mappings_create          1 3 3 3 3 3 3 + 3 + 4
import_mappings_delete          1 3 3 3 3 3 3 + 3 + 4
import_mappings_get             1 3 3 3 3 3 3 + 3 + 4
import_mappings_list            1 3 3 3 3 3 3 + 3 + +
invitation_links_apply          1 + 9 + + + + + 3 3 4
invitation_links_create         1 4 3 3 + 4 3 + 3 4 4
invitation_links_list           1 4 3 3 + 4 3 + 3 4 4
invitation_links_read           1 + + + + + + + 3 3 4
invitation_links_revoke         1 4 4 4 + 4 4 + 4 4 4
invitations_create              1 4 3 3 + 4 3 + 3 4 4
invitations_list                1 4 3 3 + 4 3 + 3 4 4
invitations_read                1 4 + 4 3 4 4 3 4 4 4
invitations_resend              1 4 4 4 + 4 4 + 4 4 4
invitations_revoke              1 4 4 4 + 4 4 + 4 4 4
ineligible_list                 1 4 4 4 + 4 4 + 4 4 4
kits_get                        1 + + + + + + + + + +
kits_list                       1 + + + + + + + + + +
logins_ask                      + + + + + + + + + + +
logins_end                      + + + + + + + + + + +
logins_enter_code               1 1 1 1 1 1 1 1 1 1 1
logins_redeem                   1 1 1 1 1 1 1 1 1 1 1
my_address_get                  1 + + + + + + + 3 3 +
my_address_ask                  1 + + + + + + + 3 3 +
my_address_confirm              1 1 1 1 1 1 1 1 3 3 1
my_logins_end                   1 4 4 4 4 4 4 4 3 3 4
my_logins_end_others            1 + + + + + + + 3 3 +
my_logins_list                  1 + + + + + + + 3 3 +
match_certificates_get          1 4 4 4 + 4 4 + 4 4 4
match_comparisons_get           1 4 4 4 + 4 4 + 4 4 4
match_runs_cancel               1 4 4 4 + 4 4 + 4 4 4
match_runs_create               1 4 4 4 + 4 4 + 4 4 4
match_runs_explain              1 4 4 4 + 4 4 + 4 4 4
match_runs_follow               1 4 4 4 + 4 4 + 4 4 4
match_runs_get                  1 4 4 4 + 4 4 + 4 4 4
match_runs_list                 1 4 4 4 + 4 4 + 4 4 4
match_runs_publish              1 4 4 4 + 4 4 + 4 4 4
me_get                          1 + + + + + + + + + +
me_today                        1 + + + + + + + + + +
my_takeaways_list               1 + + + + + + + 3 3 +
notes_change                    1 4 + 3 4 4 4 4 4 4 4
my_promises_get                 1 + + + + + + + 3 3 +
notes_create                    1 4 + + 4 4 4 4 4 4 4
notes_delete                    1 4 + 3 4 4 4 4 4 4 4
notes_get                       1 4 + + 4 4 4 4 4 4 4
notes_list                      1 4 + + 4 4 4 4 4 4 4
organization_change             1 3 3 3 3 3 3 + 3 3 +
organization_get                1 + + + + + + + + + +
oidc_logins_begin               + + + + + + + + + + +
oidc_logins_finish              + + + + + + + + + + +
passkey_logins_begin            + + + + + + + + + + +
passkey_logins_finish           1 1 1 1 1 1 1 1 1 1 1
passkeys_add                    1 1 1 1 1 1 1 1 3 3 1
passkeys_begin                  1 + + + + + + + 3 3 +
passkeys_list                   1 + + + + + + + 3 3 +
passkeys_remove                 1 4 4 4 4 4 4 4 3 3 4
passkeys_rename                 1 4 4 4 4 4 4 4 3 3 4
pair_action_items_list          1 4 + + 4 4 4 4 4 4 4
pair_notes_list                 1 4 + + 4 4 4 4 4 4 4
pair_promises_get               1 4 + + 4 4 4 4 4 4 4
oauth_authorize                 + + + + + + + + + + +
oauth_clients_change            1 3 3 3 3 3 3 + 3 3 4
oauth_clients_create            1 3 3 3 3 3 3 + 3 3 +
oauth_clients_get               1 3 3 3 3 3 3 + 3 3 4
oauth_clients_list              1 3 3 3 3 3 3 + 3 3 +
oauth_clients_remove            1 3 3 3 3 3 3 + 3 3 4
oauth_revoke                    + + + + + + + + + + +
oauth_token                     + + + + + + + + + + +
overrides_confirm               1 4 3 3 9 4 4 4 4 4 4
overrides_request               1 4 3 3 9 4 4 4 4 4 4
overrides_withdraw              1 4 3 3 9 4 4 4 4 4 4
pair_sessions_list              1 4 + + 4 4 4 4 4 4 4
pairs_accept                    1 4 + 9 4 4 4 4 4 4 4
pairs_close                     1 4 + + 4 4 4 4 4 4 4
pairs_boundaries                1 4 + + 4 4 4 4 4 4 4
pairs_decline                   1 4 + 9 4 4 4 4 4 4 4
pairs_end                       1 4 + + 4 4 4 4 4 4 4
pairs_first_contact             1 4 3 + 4 4 4 4 4 4 4
pairs_get                       1 4 + + + 4 4 4 4 4 4
pairs_history                   1 4 + + + 4 4 4 4 4 4
pairs_list                      1 + + + + + + + + + +
pairs_lift                      1 4 3 3 + 4 4 4 4 4 4
pairs_make                      1 4 3 3 + 4 3 3 3 4 4
pairs_next_actions              1 4 + + + 4 4 4 4 4 4
pairs_pause                     1 4 + + 4 4 4 4 4 4 4
pairs_rematch                   1 4 + + 4 4 4 4 4 4 4
pairs_resume                    1 4 + + 4 4 4 4 4 4 4
pairs_share                     1 4 + 3 4 4 4 4 4 4 4
pairs_stay_in_touch             1 4 + + 4 4 4 4 4 4 4
people_change                   1 4 4 4 3 3 4 + 3 + 4
people_create                   1 3 3 3 3 3 3 + 3 + +
people_facets                   1 + + + + + + + + + +
people_get                      1 4 4 4 + + 4 + + + 4
people_leave                    1 4 4 4 3 3 4 + 3 + 4
people_list                     1 + + + + + + + + + +
people_reporting_line           1 4 4 4 + + 4 + + + 4
personas_list                   4 4 4 4 4 4 4 4 4 4 4
personas_sign_in                4 4 4 4 4 4 4 4 4 4 4
preferences_change              1 + + + + + + + 3 3 +
preferences_get                 1 + + + + + + + 3 3 +
program_events_attend           1 4 + 4 3 4 4 3 4 4 4
program_events_cancel           1 4 3 4 + 4 4 + 4 4 4
program_events_change           1 4 3 4 + 4 4 + 4 4 4
program_events_create           1 4 3 3 + 4 3 + 3 4 4
program_events_get              1 4 + 4 + 4 4 + 4 4 4
program_events_list             1 4 + + + 4 + + + 4 4
program_promises_get            1 4 3 3 + 4 + + + 4 4
primers_get                     1 + + + + + + + + + +
program_templates_list          1 + + + + + + + + + +
programs_change                 1 4 3 3 + 4 3 + 3 4 4
programs_clone                  1 4 3 3 + 4 3 + 3 4 4
programs_create                 1 3 3 3 + + 3 + 3 3 +
programs_get                    1 4 + + + 4 + + + 4 4
programs_launch_check           1 4 3 3 + 4 3 + 3 4 4
programs_list                   1 + + + + + + + + + +
programs_next_actions           1 4 3 3 + 4 3 + 3 4 4
programs_reach                  1 4 3 3 + 4 + + 3 4 4
program_terms_get               1 4 4 4 4 4 4 4 4 4 4
program_terms_publish           1 4 3 3 + 4 3 + 3 4 4
programs_transition             1 4 3 3 + 4 3 + 3 4 4
pulses_get                      1 4 + + 4 4 4 4 4 4 4
pulses_give                     1 4 + + 4 4 4 4 4 4 4
readiness_get                   + + + + + + + + + + +
scim_connections_change         1 3 3 3 3 3 3 + 3 3 4
scim_connections_check          1 3 3 3 3 3 3 + 3 3 4
scim_connections_create         1 3 3 3 3 3 3 + 3 3 +
scim_connections_end            1 3 3 3 3 3 3 + 3 3 4
scim_connections_get            1 3 3 3 3 3 3 + 3 3 4
scim_connections_list           1 3 3 3 3 3 3 + 3 3 +
scim_connections_log            1 3 3 3 3 3 3 + 3 3 4
scim_groups_list                1 3 3 3 3 3 3 + 3 3 4
scim_rules_create               1 3 3 3 3 3 3 + 3 3 4
scim_rules_end                  1 3 3 3 3 3 3 + 3 3 4
scim_unknown_managers_list      1 3 3 3 3 3 3 + 3 3 4
session_kits_choose             1 4 + 3 4 4 4 4 4 4 4
session_moves_list              1 4 + + 4 4 4 4 4 4 4
sessions_cancel                 1 4 + + 4 4 4 4 4 4 4
sessions_change                 1 4 + + 4 4 4 4 4 4 4
sessions_get                    1 4 + + 4 4 4 4 4 4 4
sessions_hold                   1 4 + + 4 4 4 4 4 4 4
sessions_list                   1 + + + + + + + 3 3 +
sessions_miss                   1 4 + + 4 4 4 4 4 4 4
sessions_move                   1 4 + + 4 4 4 4 4 4 4
sessions_plan                   1 4 + + 4 4 4 4 4 4 4
sessions_schedule               1 4 + + 4 4 4 4 4 4 4
settings_versions_list          1 4 3 3 + 4 3 + 3 4 4
skill_growth_get                1 + + + + + + + 3 3 +
skill_growth_rate               1 4 + 4 4 4 4 4 3 3 4
skills_list                     1 + + + + + + + + + +
sparks_write                    1 4 3 + 4 4 4 4 4 4 4
suggestions_alternative         1 4 4 4 9 4 4 9 4 4 4
suggestions_get                 1 4 4 4 + 4 4 + 4 4 4
suggestions_list                1 4 4 4 + 4 4 + 4 4 4
suggestions_pin                 1 4 4 4 + 4 4 + 4 4 4
suggestions_reject              1 4 4 4 + 4 4 + 4 4 4
suggestions_restore             1 4 4 4 + 4 4 + 4 4 4
suggestions_set_aside           1 4 4 4 + 4 4 + 4 4 4
takeaways_change                1 4 + 3 4 4 4 4 4 4 4
takeaways_create                1 4 + + 4 4 4 4 4 4 4
takeaways_delete                1 4 + 3 4 4 4 4 4 4 4
takeaways_get                   1 4 + + 4 4 4 4 4 4 4
takeaways_list                  1 4 + + 4 4 4 4 4 4 4
thanks_delete                   1 4 + 3 4 4 4 4 4 4 4
thanks_get                      1 4 + + 4 4 4 4 4 4 4
thanks_give                     1 4 + + 4 4 4 4 4 4 4
thanks_list                     1 4 + + 4 4 4 4 4 4 4
thoughts_change                 1 4 + 3 4 4 4 4 4 4 4
thoughts_create                 1 4 + + 4 4 4 4 4 4 4
thoughts_delete                 1 4 + 3 4 4 4 4 4 4 4
thoughts_get                    1 4 + + 4 4 4 4 4 4 4
thoughts_list                   1 4 + + 4 4 4 4 4 4 4
thoughts_move                   1 4 + + 4 4 4 4 4 4 4
thoughts_share                  1 4 + 4 4 4 4 4 4 4 4
survey_responses_get            1 4 + + 3 4 4 3 4 4 4
survey_responses_give           1 4 + + 3 4 4 3 4 4 4
survey_texts_list               1 4 3 3 + 4 4 + 4 4 4
surveys_change                  1 4 3 3 + 4 4 + 4 4 4
surveys_create                  1 4 3 3 + 4 3 + 3 4 4
surveys_discard                 1 4 4 4 + 4 4 + 4 4 4
surveys_get                     1 4 + + + 4 4 + 4 4 4
surveys_list                    1 + + + + + + + + + +
surveys_publish                 1 4 4 4 + 4 4 + 4 4 4
units_change                    1 3 3 3 3 3 3 + 3 3 4
units_create                    1 3 3 3 3 3 3 + 3 3 +
units_get                       1 4 4 4 4 4 4 + 4 4 4
units_list                      1 + + + + + + + + + +
units_remove                    1 3 3 3 3 3 3 + 3 3 4
topics_list                     1 + + + + + + + + + +
unplaced_list                   1 4 4 4 + 4 4 + 4 4 4
superpower_prompts_list         1 + + + + + + + + + +
erasures_cancel                 1 4 4 4 4 4 4 + 4 4 4
erasures_list                   1 3 3 3 3 3 3 + 3 3 +
me_access_log                   1 + + + + + + + 3 3 +
me_as_seen_by_manager           1 + + + + + + + 3 3 +
me_data                         1 + + + + + + + 3 3 +
me_erasure                      1 + + + + + + 9 3 3 9
me_erasure_cancel               1 4 4 4 4 4 4 4 3 3 4
me_erasure_get                  1 4 4 4 4 4 4 4 3 3 4
me_export                       1 + + + + + + + 3 3 +
people_erase                    1 3 3 3 3 3 3 + 3 3 4
people_list_export              1 3 3 3 + + 3 + + + +
people_sign_ins                 1 3 3 3 3 3 3 + 3 3 4
people_sign_ins_end             1 3 3 3 3 3 3 + 3 3 4
my_account_get                  1 4 4 4 4 4 4 4 3 3 4
my_account_unlink               1 4 4 4 4 4 4 4 3 3 4
people_export                   1 3 3 3 3 3 3 + 3 3 4
retention_change                1 3 3 3 3 3 3 + 3 3 +
retention_get                   1 + + + + + + + + + +
webhook_deliveries_get          1 3 3 3 3 3 3 + 3 3 4
webhook_deliveries_list         1 3 3 3 3 3 3 + 3 3 4
webhook_deliveries_replay       1 3 3 3 3 3 3 + 3 3 4
webhook_endpoints_change        1 3 3 3 3 3 3 + 3 3 4
webhook_endpoints_create        1 3 3 3 3 3 3 + 3 3 +
webhook_endpoints_delete        1 3 3 3 3 3 3 + 3 3 4
webhook_endpoints_get           1 3 3 3 3 3 3 + 3 3 4
webhook_endpoints_list          1 3 3 3 3 3 3 + 3 3 +
webhook_endpoints_replay        1 3 3 3 3 3 3 + 3 3 4
webhook_endpoints_rotate        1 3 3 3 3 3 3 + 3 3 4
webhook_endpoints_test          1 3 3 3 3 3 3 + 3 3 4
wishes_get                      1 4 + 4 3 4 4 3 4 4 4
wishes_write                    1 4 + 4 3 4 4 3 4 4 4
wishes_offer                    1 4 9 4 3 4 4 3 4 4 4
"""


# Further callers, each like a column of the table except for what is named: caller → (who, like, exceptions).
LIKE = {
    "delegate": (
        "books for the pair's mentee, and is none of the pair (Veera)",
        "employee",
        "free_times_list=+ sessions_get=+ sessions_plan=+ sessions_schedule=+ sessions_move=+"
        " arcs_preview=+ arcs_book=+ agendas_write=3 sparks_write=3 session_kits_choose=3 sessions_hold=3"
        " sessions_miss=3 sessions_cancel=3 sessions_change=+",
    ),
    "contact": (
        "the safeguarding contact whom the concern was entrusted to (Linh)",
        "employee",
        "concerns_get=+ concerns_acknowledge=+ concerns_close=+ concerns_create=9",
    ),
    "unit": (
        "programme manager of another unit alone (Erik)",
        "elsewhere",
        "people_get=4 people_reporting_line=4 people_change=4 people_leave=4",
    ),
    "browser": ("the pair's mentor by the browser's cookie (Noa)", "mentor", ""),
    "phone": (
        "the pair's mentor through an app that may look and act (Noa)",
        "mentor",
        "app_requests_answer=3 me_export=3 me_erasure=3 my_account_unlink=3 my_address_ask=3 passkeys_add=3"
        " passkeys_begin=3 passkeys_remove=3 calendar_feeds_make=3",
    ),
}


def callers() -> dict[str, str]:
    """Every caller and who it is, the columns of the table first."""
    return CALLERS | {caller: who for caller, (who, _, _) in LIKE.items()}


def rows() -> dict[str, dict[str, str]]:
    """The table: operation → caller → sign."""
    table: dict[str, dict[str, str]] = {}
    for line in TABLE.strip().splitlines():
        operation, *signs = line.split()
        assert operation not in table, f"{operation} has two rows"
        table[operation] = dict(zip(CALLERS, signs, strict=True))
    for caller, (_, like, exceptions) in LIKE.items():
        for row in table.values():
            row[caller] = row[like]
        for exception in exceptions.split():
            operation, sign = exception.split("=")
            assert table[operation][caller] != sign, f"{operation} is no exception for {caller}"
            table[operation][caller] = sign
    return table
