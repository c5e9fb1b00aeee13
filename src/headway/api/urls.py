"""The addresses of the API."""

from django.urls import path, re_path

from headway.api.views import assessments, described, pupils, school

urlpatterns = [
    path("openapi.json", described.Described.as_view(), name="api-openapi"),
    path("schools", school.Schools.as_view(), name="api-schools"),
    path("subjects", school.Subjects.as_view(), name="api-subjects"),
    path("terms", school.Terms.as_view(), name="api-terms"),
    path("scales", school.Scales.as_view(), name="api-scales"),
    path("classes", school.Classes.as_view(), name="api-classes"),
    path("groups", school.Groups.as_view(), name="api-groups"),
    path("pupils", pupils.Pupils.as_view(), name="api-pupils"),
    path("pupils/find", pupils.FindPupil.as_view(), name="api-pupil-find"),
    path("pupils/<uuid:pupil>", pupils.OnePupil.as_view(), name="api-pupil"),
    path("assessments", assessments.Assessments.as_view(), name="api-assessments"),
    re_path(r"", described.Nothing.as_view(), name="api-nothing"),
]
