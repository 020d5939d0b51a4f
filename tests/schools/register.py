"""Small files of the register for tests: a row is the values that matter, the rest is an ordinary open school."""

import csv
import io

from schools.importing import apply_register, plan_register

SCHOOL = {
    "URN": "110195",
    "LA (code)": "825",
    "EstablishmentName": "Hill School",
    "TypeOfEstablishment (code)": "01",
    "EstablishmentStatus (code)": "1",
    "OpenDate": "",
    "CloseDate": "",
    "Town": "Amersham",
}
LINK = {"URN": "110195", "LinkURN": "140001", "LinkName": "", "LinkType": "Successor", "LinkEstablishedDate": ""}
TRUST = {
    "Group UID": "2104",
    "Group ID": "TR00043",
    "Group Name": "MILL LANE TRUST",
    "Companies House Number": "07916763",
    "Group Type": "Multi-academy trust",
    "Group Status": "Open",
    "Closed Date": "",
    "Joined date": "01/09/2020",
    "Academy URN": "140001",
}


def text(pattern, *rows, **common):
    """A CSV file of rows made from a pattern; `common` overrides it in all of them."""
    rows = [pattern | common | row for row in rows] or [pattern | common]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def schools(*rows, **common):
    """A file of establishments, as bytes."""
    return text(SCHOOL, *rows, **common).encode()


def links(*rows, **common):
    """A file of links, as bytes."""
    return text(LINK, *rows, **common).encode()


def trusts(*rows, **common):
    """A file of academies and trusts, as bytes, as the register writes it: with a byte order mark."""
    return text(TRUST, *rows, **common).encode("utf-8-sig")


def bring(establishments, links=None, trusts=None, authority=None):
    """Plan and apply; the plan."""
    plan = plan_register(establishments, links, trusts, authority)
    apply_register(plan, by=None)
    return plan
