"""The tables. One module a subject; everything is importable from here."""

from data.models.complaints import (
    Complaint,
    ComplaintCategory,
    ComplaintPast,
    ComplaintState,
    Promise,
    Severity,
    SlaPolicy,
)
from data.models.customers import Customer, Vehicle
from data.models.followups import (
    CallAttempt,
    Followup,
    FollowupRule,
    KnownIssue,
    Question,
    Questionnaire,
    SurveyAnswer,
    SurveyResponse,
)
from data.models.improvements import (
    ChurnCase,
    Improvement,
    ImprovementComplaint,
    Review,
    ReviewItem,
    Target,
)
from data.models.log import AdminEvent, Event, ImportBatch, ImportReject
from data.models.orders import DeliveredDay, RepairOrder
from data.models.stores import (
    AppUser,
    CalendarException,
    Employee,
    EmployeeRole,
    ScreenToken,
    Store,
    UserStore,
    WorkCalendar,
)

__all__ = [
    "AdminEvent",
    "AppUser",
    "CalendarException",
    "CallAttempt",
    "ChurnCase",
    "Complaint",
    "ComplaintCategory",
    "ComplaintPast",
    "ComplaintState",
    "Customer",
    "DeliveredDay",
    "Employee",
    "EmployeeRole",
    "Event",
    "Followup",
    "FollowupRule",
    "ImportBatch",
    "ImportReject",
    "Improvement",
    "ImprovementComplaint",
    "KnownIssue",
    "Promise",
    "Question",
    "Questionnaire",
    "RepairOrder",
    "Review",
    "ReviewItem",
    "ScreenToken",
    "Severity",
    "SlaPolicy",
    "Store",
    "SurveyAnswer",
    "SurveyResponse",
    "Target",
    "UserStore",
    "Vehicle",
    "WorkCalendar",
]
