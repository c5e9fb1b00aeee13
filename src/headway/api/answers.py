"""What answers look like: each kind of thing with its parts, from which the API's description is made too."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from headway.domain.pupils import CHARACTERISTICS
from headway.domain.terms import year_group_code

__all__ = [
    "AssessmentSerializer",
    "ClassSerializer",
    "GroupSerializer",
    "ProblemSerializer",
    "PupilFindSerializer",
    "PupilSerializer",
    "ScaleSerializer",
    "SchoolSerializer",
    "SubjectSerializer",
    "TermSerializer",
    "page_serializer",
]

_UPN = "This is no unique pupil number. Right would be a letter, eleven digits and a digit, such as B801200005001."


@extend_schema_field({"type": "string", "pattern": "^(N1|N2|R|[1-9]|1[0-4])$"})
class YearGroupField(serializers.Field):
    """N1, N2, R or a number from 1 to 14, as a text."""

    def to_representation(self, value: int) -> str:
        return year_group_code(value)


@extend_schema_field({"type": "string", "pattern": "^-?[0-9]+(/[0-9]+)?$"})
class ExactField(serializers.Field):
    """An exact number of points as a text: n, or n/d."""

    def to_representation(self, value: object) -> str:
        return str(value)


class SchoolSerializer(serializers.Serializer):
    """A school. ``dfe`` is what the parameter ``school`` wants; ``term`` the latest begun."""

    id = serializers.UUIDField(source="uid")
    dfe = serializers.CharField()
    name = serializers.CharField()
    framework = serializers.CharField()
    term = serializers.CharField()


class StageSerializer(serializers.Serializer):
    """A subject in one key stage; ``parts`` are the subjects it is the mean of."""

    key_stage = serializers.CharField()
    scale = serializers.CharField()
    judgement = serializers.ChoiceField(["current", "likely"])
    parts = serializers.ListField(child=serializers.CharField())


class SubjectSerializer(serializers.Serializer):
    """A subject, and what it is in each key stage."""

    code = serializers.CharField()
    name = serializers.CharField()
    counts_as = serializers.ListField(child=serializers.CharField())
    stages = StageSerializer(many=True)


class TermSerializer(serializers.Serializer):
    """A term; ``closed_at`` is when its collection was closed, after which its marks are history."""

    code = serializers.CharField()
    academic_year = serializers.CharField()
    name = serializers.CharField()
    starts = serializers.DateField()
    ends = serializers.DateField()
    current = serializers.BooleanField()
    closed_at = serializers.DateTimeField(allow_null=True)


class GradeSerializer(serializers.Serializer):
    """A grade; ``rank`` is its place on the scale, from 0."""

    code = serializers.CharField()
    words = serializers.CharField()
    points = ExactField()
    rank = serializers.IntegerField()


class MarkCodeSerializer(serializers.Serializer):
    """A mark that is no grade, such as absent."""

    code = serializers.CharField()
    words = serializers.CharField()


class ScaleSerializer(serializers.Serializer):
    """One version of a scale, its grades from the lowest on. ``undivided`` are whole grades given without a part."""

    code = serializers.CharField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    in_force_from = serializers.DateField()
    grades = GradeSerializer(many=True)
    undivided = GradeSerializer(many=True)
    mark_codes = MarkCodeSerializer(many=True)


class TeacherSerializer(serializers.Serializer):
    """Somebody who teaches a class, by the school's staff code."""

    staff = serializers.CharField()
    name = serializers.CharField()


class ClassSubjectSerializer(serializers.Serializer):
    """A class in one of its subjects; ``pupils`` are ids of those you may see."""

    subject = serializers.CharField()
    teachers = TeacherSerializer(many=True)
    pupils = serializers.ListField(child=serializers.UUIDField())


class ClassSerializer(serializers.Serializer):
    """A class of an academic year."""

    id = serializers.UUIDField(source="uid")
    code = serializers.CharField()
    academic_year = serializers.CharField()
    year_group = YearGroupField()
    subjects = ClassSubjectSerializer(many=True)


class MemberSerializer(serializers.Serializer):
    """A pupil's time in a group: without ``starts`` always so far, without ``ends`` still."""

    pupil = serializers.UUIDField()
    starts = serializers.DateField(allow_null=True)
    ends = serializers.DateField(allow_null=True)


class GroupSerializer(serializers.Serializer):
    """A group the school made for itself; ``members`` are those you may see."""

    id = serializers.UUIDField(source="uid")
    name = serializers.CharField()
    members = MemberSerializer(many=True)


class SpellSerializer(serializers.Serializer):
    """A time on roll; without ``ends`` still."""

    starts = serializers.DateField()
    ends = serializers.DateField(allow_null=True)


class CharacteristicsSerializer(serializers.Serializer):
    """What is recorded of a pupil today: null is not recorded; what you may not see is left out."""

    def get_fields(self) -> Mapping[str, Any]:
        return {
            kind: (serializers.BooleanField if each.yes_no else serializers.CharField)(
                required=False, allow_null=True, help_text=each.words
            )
            for kind, each in CHARACTERISTICS.items()
        }


class PupilSerializer(serializers.Serializer):
    """A pupil. ``date_of_birth`` is null where you may not see it."""

    id = serializers.UUIDField(source="uid")
    upn = serializers.CharField()
    surname = serializers.CharField()
    forename = serializers.CharField()
    preferred_forename = serializers.CharField()
    admission_number = serializers.CharField()
    date_of_birth = serializers.DateField(allow_null=True)
    year_group = YearGroupField(allow_null=True)
    reg_group = serializers.CharField()
    on_roll = serializers.BooleanField()
    enrolments = SpellSerializer(many=True)
    characteristics = CharacteristicsSerializer()


class AssessmentSerializer(serializers.Serializer):
    """A judgement: a grade, or a mark code; the other is empty. ``version`` is what a change must name."""

    pupil = serializers.UUIDField()
    subject = serializers.CharField()
    term = serializers.CharField()
    kind = serializers.ChoiceField(["current", "likely"])
    grade = serializers.CharField()
    mark_code = serializers.CharField()
    points = ExactField(allow_null=True)
    scale = serializers.CharField()
    date = serializers.DateField(allow_null=True)
    by = serializers.CharField()
    comment = serializers.CharField()
    version = serializers.CharField()


class PupilFindSerializer(serializers.Serializer):
    """The pupil with this unique pupil number."""

    default_error_messages = {"invalid": "The body is no object. Right would be one with the key upn."}  # noqa: RUF012
    upn = serializers.CharField(
        max_length=20,
        error_messages=dict.fromkeys(("required", "null", "blank", "invalid", "max_length"), _UPN)
        | {"surrogate_characters_not_allowed": _UPN},
    )

    def to_internal_value(self, data: Any) -> Mapping[str, Any]:
        unknown = data.keys() - self.fields.keys() if isinstance(data, dict) else ()
        if unknown:
            raise serializers.ValidationError(dict.fromkeys(unknown, "There is no such key here. Right would be upn."))
        found: Mapping[str, Any] = super().to_internal_value(data)
        return found


class PlaceSerializer(serializers.Serializer):
    """One thing that is wrong, and where."""

    where = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """What went wrong (RFC 9457). ``where`` is the first place, such as ``query.term``; ``problems`` are all."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    where = serializers.CharField(allow_null=True)
    problems = PlaceSerializer(many=True)


def page_serializer(item: type[serializers.Serializer]) -> type[serializers.Serializer]:
    """A page of a list; ``next`` is the address of the one after it, null on the last."""
    name = item.__name__.removesuffix("Serializer")
    parts = {
        "__doc__": "A page of a list; `next` is the address of the page after it, null on the last.",
        "items": item(many=True),
        "next": serializers.CharField(allow_null=True),
    }
    return type(f"{name}PageSerializer", (serializers.Serializer,), parts)
