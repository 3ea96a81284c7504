"""What the kinds of tables and their columns are called, and what else an import says in codes."""

from collections.abc import Mapping

from dashboard.i18n import _, later, several
from data.importing.result import Remark

KINDS = {
    "repair-orders": (
        later("Repair orders"),
        later("Who came when with which car, what was done, and what it cost."),
    ),
    "customers": (
        later("Customers"),
        later("People and firms with their cars, telephones and reminders."),
    ),
    "complaints": (
        later("Complaints"),
        later("Cases with their times, categories, owners and outcomes."),
    ),
    "followups": (
        later("Callbacks"),
        later("Calls to customers: when, by whom, what came of them, and the answers."),
    ),
    "surveys": (
        later("Survey answers"),
        later("Filled questionnaires, with or without a call."),
    ),
    "improvements": (
        later("Improvement actions"),
        later("What is done about what, by whom, until when."),
    ),
    "employees": (later("Employees"), later("Advisers, technicians and others, with their jobs.")),
}

ABOUT = {
    "order_number": later("Order number"),
    "customer_number": later("Customer number"),
    "customer": later("Customer"),
    "phone": later("Phone"),
    "plate": later("Plate"),
    "vin": later("VIN"),
    "vehicle_number": later("Vehicle number"),
    "model": later("Model"),
}
ANSWERS = {
    "overall": later("Overall, 1–5"),
    "nps": later("Recommends, 0–10"),
    "timeliness": later("Timeliness"),
    "flow": later("Flow"),
    "adaptability": later("Adaptability"),
    "anticipation": later("Anticipation"),
    "communication": later("Communication"),
    "customer_feedback": later("Customer feedback"),
    "organisation": later("Organisation"),
    "appearance": later("Appearance"),
    "attitude": later("Attitude"),
    "attention": later("Attention"),
    "tact": later("Tact"),
    "guidance": later("Guidance"),
    "selling_skill": later("Selling skill"),
    "problem_solving": later("Problem solving"),
    "comment": later("What the customer says"),
}
TITLES = {
    "repair-orders": {
        "number": "Order number",
        "opened_at": "Arrived",
        "delivered_at": "Delivered",
        "customer_number": "Customer number",
        "customer": "Customer",
        "phone": "Phone",
        "brought_by": "Brought by",
        "brought_by_phone": "Phone of who brought it",
        "plate": "Plate",
        "vin": "VIN",
        "vehicle_number": "Vehicle number",
        "model": "Model",
        "kind": "Kind of work",
        "adviser": "Service adviser",
        "technician": "Technician",
        "odometer_km": "Mileage",
        "labour_fen": "Labour",
        "parts_fen": "Parts",
        "total_fen": "Total",
        "rework": "Rework",
        "next_service_km": "Next service, km",
        "next_service_on": "Next service, day",
        "insurance_until": "Insurance until",
        "inspection_due_on": "Inspection due",
        "note": "Note",
    },
    "customers": {
        "number": "Customer number",
        "name": "Name",
        "phone": "Phone",
        "second_phone": "Second phone",
        "kind": "Person or firm",
        "value_class": "Customer class",
        "birthday": "Birthday",
        "do_not_call": "Do not call",
        "purchase_reason": "Reason for the purchase",
        "plate": "Plate",
        "vin": "VIN",
        "vehicle_number": "Vehicle number",
        "model": "Model",
        "sold_on": "Sold on",
        "warranty_until": "Warranty until",
        "insurance_until": "Insurance until",
        "inspection_due_on": "Inspection due",
        "next_service_on": "Next service, day",
        "odometer_km": "Mileage",
    },
    "complaints": {
        "number": "Complaint number",
        "opened_at": "Opened",
        "first_response_at": "First reply",
        "due_at": "To be closed by",
        "resolved_at": "Solved at",
        "closed_at": "Closed at",
        "category": "Category",
        "severity": "Severity",
        "department": "Department",
        "owner": "Owner",
        "channel": "Channel",
        "content": "What the customer says",
        "solution": "Solution",
        "reopened": "Taken up again",
        "customer_number": "Customer number",
        "customer": "Customer",
        "phone": "Phone",
        "plate": "Plate",
        "vin": "VIN",
        "vehicle_number": "Vehicle number",
        "order_number": "Order number",
    },
    "followups": {
        "number": "Callback number",
        "called_at": "Called at",
        "due_at": "To be called by",
        "caller": "Caller",
        "result": "What came of it",
        "talk_s": "Length of the call",
        "respondent": "Who answered",
        "channel": "Channel",
        **ABOUT,
        **ANSWERS,
    },
    "surveys": {
        "number": "Survey number",
        "answered_at": "Answered at",
        "callback_number": "Callback number",
        **ABOUT,
        **ANSWERS,
    },
    "improvements": {
        "number": "Number of the action",
        "title": "What is done",
        "kind": "Kind",
        "cause": "Cause",
        "category": "Category",
        "owner": "Owner",
        "opened_on": "Opened",
        "due_on": "To be done by",
        "done_on": "Done on",
        "state": "State",
        "complaints": "Complaints it answers",
    },
    "employees": {
        "number": "Employee number",
        "name": "Name",
        "role": "Job",
        "department": "Department",
        "active": "Still works here",
    },
}

COUNTS = {
    "read": later("Rows read"),
    "added": later("New"),
    "changed": later("Changed"),
    "unchanged": later("Unchanged"),
    "refused": later("Refused"),
    "duplicates": later("Repeated in the file"),
    "warnings": later("Warnings"),
}
ORDERS = {
    "ymd": later("Year, month, day"),
    "mdy": later("Month, day, year"),
    "dmy": later("Day, month, year"),
}
SKIPPED = {
    "blank": (later("{n} blank line"), later("{n} blank lines")),
    "total": (later("{n} line of totals"), later("{n} lines of totals")),
    "footnote": (later("{n} footnote"), later("{n} footnotes")),
    "header": (later("{n} repeated heading"), later("{n} repeated headings")),
}
SEPARATORS = {
    ",": later("separated by commas"),
    ";": later("separated by semicolons"),
    "\t": later("separated by tabs"),
    "|": later("separated by |"),
}


def kind_name(kind: str) -> str:
    """What a kind of table is called; one we do not know stands for itself."""
    return _(KINDS[kind][0]) if kind in KINDS else kind


def field_name(kind: str, field: str) -> str:
    """What a column of a kind of table is called."""
    return _(TITLES.get(kind, {}).get(field, field))


def said(remark: Remark) -> str:
    """A remark of the importer in the reader's language."""
    return _(remark.sentence, **remark.gaps)


def skipped(counts: Mapping[str, int]) -> str:
    """Which lines were passed over because they hold no data; empty if none."""
    told = [several(*SKIPPED[what], n=n) for what, n in counts.items() if what in SKIPPED and n]
    return _("Passed over: {lines}.", lines=_(", ").join(told)) if told else ""
