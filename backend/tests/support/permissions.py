"""Who may do what: one row an operation, one column a caller. Reviewed by people, held by tests/test_access.py."""

CALLERS = {
    "anonymous": "nobody signed in",
    "employee": "somebody of the company without a part or role (Amina)",
    "mentor": "the pair's mentor (Noa)",
    "mentee": "the pair's mentee (Maria)",
    "manager": "programme manager of all programs (Petra)",
    "elsewhere": "programme manager of another program (Olli, who is also Noa's line manager)",
    "sponsor": "sponsor and safeguarding contact (Jukka)",
    "admin": "organization admin, HR or IT (Helena)",
    "reader": "a machine with every reading scope",
    "writer": "a machine with people:write",
    "foreign": "organization admin of another company",
}
# The columns stand in the order of CALLERS.
# + may · 1 must sign in (401) · 3 may not (403) · 4 does not see it (404) · 9 sees it, and it is not their turn (409)
TABLE = """
agendas_write                   1 4 + + 4 4 4 4 4 4 4
agreements_get                  1 4 + + 4 4 4 4 4 4 4
agreements_sign                 1 4 + + 4 4 4 4 4 4 4
api_clients_list                1 3 3 3 3 3 3 + 3 3 +
api_clients_revoke              1 3 3 3 3 3 3 + 3 3 4
audit_log_list                  1 + + + + + + + + + +
dashboards_get                  1 4 3 3 + 4 4 + 3 4 4
enrollments_approve             1 4 9 4 + 4 4 + 4 4 4
enrollments_change              1 4 + 4 + 4 4 + 4 4 4
enrollments_complete_primer     1 4 + 4 3 4 4 3 4 4 4
enrollments_create              1 3 3 3 + 3 3 + 3 4 4
enrollments_decline             1 4 9 4 + 4 4 + 4 4 4
enrollments_get                 1 4 + 4 + 4 4 + 4 4 4
enrollments_list                1 4 + + + 4 4 + + 4 4
enrollments_pause               1 4 + 4 + 4 4 + 4 4 4
enrollments_waitlist            1 4 9 4 + 4 4 + 4 4 4
enrollments_withdraw            1 4 + 4 + 4 4 + 4 4 4
grants_give                     1 3 3 3 3 3 3 + 3 3 +
grants_list                     1 3 3 3 3 3 3 + 3 3 +
grants_take                     1 3 3 3 3 3 3 + 3 3 4
health_get                      + + + + + + + + + + +
imports_apply                   1 4 4 4 4 4 4 + 4 + 4
imports_change                  1 4 4 4 4 4 4 9 4 9 4
imports_create                  1 3 3 3 3 3 3 + 3 + +
imports_discard                 1 4 4 4 4 4 4 + 4 + 4
imports_get                     1 4 4 4 4 4 4 + 4 + 4
imports_list                    1 + + + + + + + + + +
imports_rows                    1 4 4 4 4 4 4 + 4 + 4
ineligible_list                 1 4 4 4 + 4 4 + 4 4 4
kits_list                       1 + + + + + + + + + +
logins_ask                      + + + + + + + + + + +
logins_end                      + + + + + + + + + + +
logins_redeem                   1 1 1 1 1 1 1 1 1 1 1
match_runs_cancel               1 4 4 4 + 4 4 + 4 4 4
match_runs_create               1 4 4 4 + 4 4 + 4 4 4
match_runs_explain              1 4 4 4 + 4 4 + 4 4 4
match_runs_follow               1 4 4 4 + 4 4 + 4 4 4
match_runs_get                  1 4 4 4 + 4 4 + 4 4 4
match_runs_list                 1 4 4 4 + 4 4 + 4 4 4
match_runs_publish              1 4 4 4 + 4 4 + 4 4 4
me_get                          1 + + + + + + + + + +
me_today                        1 + + + + + + + + + +
notes_create                    1 4 + + 4 4 4 4 4 4 4
notes_list                      1 4 + + 4 4 4 4 4 4 4
organization_change             1 3 3 3 3 3 3 + 3 3 +
organization_get                1 + + + + + + + + + +
overrides_confirm               1 4 3 3 9 4 4 4 4 4 4
overrides_request               1 4 3 3 9 4 4 4 4 4 4
overrides_withdraw              1 4 3 3 9 4 4 4 4 4 4
pair_sessions_list              1 4 + + 4 4 4 4 4 4 4
pairs_accept                    1 4 + 9 4 4 4 4 4 4 4
pairs_decline                   1 4 + 9 4 4 4 4 4 4 4
pairs_end                       1 4 + + 4 4 4 4 4 4 4
pairs_get                       1 4 + + + 4 4 4 4 4 4
pairs_history                   1 4 + + + 4 4 4 4 4 4
pairs_list                      1 + + + + + + + + + +
pairs_lift                      1 4 3 3 + 4 4 4 4 4 4
pairs_make                      1 4 3 3 + 4 4 3 3 4 4
pairs_pause                     1 4 + + 4 4 4 4 4 4 4
pairs_resume                    1 4 + + 4 4 4 4 4 4 4
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
program_templates_list          1 + + + + + + + + + +
programs_change                 1 4 3 3 + 4 4 + 3 4 4
programs_create                 1 3 3 3 + + 3 + 3 3 +
programs_get                    1 4 + + + 4 4 + + 4 4
programs_list                   1 + + + + + + + + + +
programs_transition             1 4 3 3 + 4 4 + 3 4 4
pulses_get                      1 4 + + 4 4 4 4 4 4 4
pulses_give                     1 4 + + 4 4 4 4 4 4 4
readiness_get                   + + + + + + + + + + +
session_moves_list              1 4 + + 4 4 4 4 4 4 4
sessions_cancel                 1 4 + + 4 4 4 4 4 4 4
sessions_change                 1 4 + + 4 4 4 4 4 4 4
sessions_get                    1 4 + + 4 4 4 4 4 4 4
sessions_hold                   1 4 + + 4 4 4 4 4 4 4
sessions_list                   1 + + + + + + + 3 3 +
sessions_move                   1 4 + + 4 4 4 4 4 4 4
sessions_plan                   1 4 + + 4 4 4 4 4 4 4
sessions_schedule               1 4 + + 4 4 4 4 4 4 4
skills_list                     1 + + + + + + + + + +
suggestions_get                 1 4 4 4 + 4 4 + 4 4 4
suggestions_list                1 4 4 4 + 4 4 + 4 4 4
suggestions_pin                 1 4 4 4 + 4 4 + 4 4 4
suggestions_reject              1 4 4 4 + 4 4 + 4 4 4
suggestions_restore             1 4 4 4 + 4 4 + 4 4 4
topics_list                     1 + + + + + + + + + +
wishes_offer                    1 4 9 4 3 4 4 3 4 4 4
"""


def rows() -> dict[str, dict[str, str]]:
    """The table: operation → caller → sign."""
    table = {}
    for line in TABLE.strip().splitlines():
        operation, *signs = line.split()
        table[operation] = dict(zip(CALLERS, signs, strict=True))
    return table
