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
# + may · 1 must sign in (401) · 3 sees it and may not (403) · 4 does not see it (404)
TABLE = """
"""


def rows() -> dict[str, dict[str, str]]:
    """The table: operation → caller → sign."""
    table = {}
    for line in TABLE.strip().splitlines():
        operation, *signs = line.split()
        table[operation] = dict(zip(CALLERS, signs, strict=True))
    return table
