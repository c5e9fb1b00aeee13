"""Every model of Headway, by concept."""

from headway.records.models.assessment import Assessment, Result
from headway.records.models.attendance import Attendance, BehaviourIncident
from headway.records.models.audit import AuditEntry, AuditSet, AuditSetPupil
from headway.records.models.family import Contact, PupilAccount, Release
from headway.records.models.freshness import SliceVersion
from headway.records.models.group import Group, GroupMember
from headway.records.models.history import Act, Revision, Transfer, Upload
from headway.records.models.person import Person, Role, User, Visit
from headway.records.models.pupil import Characteristic, Enrolment, Placement, Pupil
from headway.records.models.school import AcademicYear, Framework, Scale, School, Term
from headway.records.models.sign_in import Device, Token
from headway.records.models.subject import StageSubject, Subject
from headway.records.models.target import ProgressTarget, Target
from headway.records.models.teaching import ClassMember, SchoolClass, Teaching, TeachingGroup

__all__ = [
    "AcademicYear",
    "Act",
    "Assessment",
    "Attendance",
    "AuditEntry",
    "AuditSet",
    "AuditSetPupil",
    "BehaviourIncident",
    "Characteristic",
    "ClassMember",
    "Contact",
    "Device",
    "Enrolment",
    "Framework",
    "Group",
    "GroupMember",
    "Person",
    "Placement",
    "ProgressTarget",
    "Pupil",
    "PupilAccount",
    "Release",
    "Result",
    "Revision",
    "Role",
    "Scale",
    "School",
    "SchoolClass",
    "SliceVersion",
    "StageSubject",
    "Subject",
    "Target",
    "Teaching",
    "TeachingGroup",
    "Term",
    "Token",
    "Transfer",
    "Upload",
    "User",
    "Visit",
]
