"""The words for what the database keeps as codes, and the shape that goes with a judgement."""

from dashboard.i18n import _

WORDS = {
    "severity": {
        "question": "Question",
        "general": "General",
        "escalated": "Escalated",
        "critical": "Critical",
    },
    "state": {
        "new": "New",
        "replied": "Replied",
        "in_progress": "In progress",
        "waiting_customer": "Waiting for the customer",
        "resolved": "Resolved",
        "recontacted": "Re-contacted",
        "closed": "Closed",
    },
    "role": {
        "principal": "Principal",
        "manager": "Service manager",
        "quality": "Quality staff",
        "agent": "Callback agent",
        "admin": "Administrator",
        "screen": "Wall screen",
    },
    "job": {
        "adviser": "Service adviser",
        "technician": "Technician",
        "agent": "Callback agent",
        "manager": "Manager",
        "other": "Other",
    },
    "cause": {
        "parts": "Parts",
        "maker_approval": "Maker's approval",
        "customer_unreachable": "Customer unreachable",
        "staff": "Staff",
        "unknown": "Unknown",
        "none": "Not stated",
    },
    "origin": {
        "product": "Product",
        "process": "Process",
        "people": "People",
        "parts": "Parts",
        "misuse": "Misuse",
    },
    "motive": {
        "suggestion": "Suggestion",
        "respect": "Respect",
        "venting": "Venting",
        "compensation": "Compensation",
    },
    "verdict": {"common": "Common problem", "isolated": "Isolated cases"},
    "target": {"<50": "Under 50%", "50-75": "50–75%", "75-100": "75–100%", "breached": "Breached"},
    "bucket": {
        "0-1": "Under 1 day",
        "1-3": "1–3 days",
        "3-7": "3–7 days",
        "7-14": "7–14 days",
        "14-30": "14–30 days",
        "30+": "30 days or more",
    },
    "period": {
        "last-4-weeks": "Last 4 weeks",
        "last-13-weeks": "Last 13 weeks",
        "last-26-weeks": "Last 26 weeks",
        "last-12-months": "Last 12 months",
        "this-month": "This month",
        "this-year": "This year",
        "all": "All time",
    },
    "compare": {"previous": "the period before", "year": "the year before"},
    "grain": {"week": "by week", "month": "by month", "quarter": "by quarter"},
    "option": {
        "grain": "step",
        "by": "grouped by",
        "level": "level",
        "mode": "mode",
        "age": "age",
        "target": "share of the target used",
        "1": "first level",
        "2": "second level",
    },
    "filter": {
        "category": "Category",
        "severity": "Severity",
        "owner": "Owner",
        "bucket": "Age",
        "target": "Target used",
        "state": "State",
        "origin": "Origin",
        "cause": "Cause of the breach",
        "hand_offs": "Hand-offs",
        "due": "Due",
        "agent": "Agent",
        "adviser": "Adviser",
        "rule": "Rule",
        "channel": "Channel",
        "result": "Result",
        "weekday": "Weekday",
        "hour": "Hour",
        "dimension": "Dimension",
        "cohort": "Cohort",
        "class": "Class",
        "reason": "Reason",
        "kind": "Kind",
        "verdict": "Verdict",
    },
    "unit": {
        "share": "share",
        "complaints": "complaints",
        "per_1000": "per 1,000 orders",
        "days": "days",
        "hours": "hours",
        "changes": "changes",
    },
    "level": {"1": "Main category", "2": "Category"},
}

# a judgement is never a colour alone: each has its shape, and a word beside it
SHAPES = {
    "good": "bi-check-circle",
    "warn": "bi-exclamation-triangle",
    "bad": "bi-exclamation-octagon",
    "quiet": "bi-dash-circle",
    "info": "bi-info-circle",
}
SEVERITY_TONES = {"question": "quiet", "general": "info", "escalated": "warn", "critical": "bad"}


def word(kind: str, code: object) -> str:
    """The word for `code` among the codes of `kind`; a code we do not know stands for itself."""
    return _(WORDS.get(kind, {}).get(str(code), str(code)))
