"""The public interface for other programs: what readers got, and how the count went."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiResponse, extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from elections.counting.outstanding import Answer
from elections.models import ContestCount, Published
from elections.widgets import views
from elections.widgets.breakdown import details_as_json, find_details
from elections.widgets.interventions import shown_to_readers


class LeadSerializer(serializers.Serializer):
    ahead = serializers.IntegerField(help_text="A selection: it holds the last place.")
    behind = serializers.IntegerField(help_text="A selection: the first without a place.")
    votes = serializers.IntegerField()


class SelectionSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    party = serializers.CharField(allow_blank=True)
    incumbent = serializers.BooleanField()
    votes = serializers.IntegerField(min_value=0)
    share = serializers.FloatField(allow_null=True, help_text="0 to 1; null before any vote.")
    mark = serializers.CharField(allow_blank=True, help_text="Such as “Apparent winner”.")


class SourceSerializer(serializers.Serializer):
    name = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True)


class BallotsSerializer(serializers.Serializer):
    """Ballots and not votes; null where the source does not say. They may fall."""

    cast = serializers.IntegerField(allow_null=True, help_text="Ballots that have this race.")
    left_blank = serializers.IntegerField(allow_null=True)
    marked_too_often = serializers.IntegerField(allow_null=True)


class BallotsLeftSerializer(serializers.Serializer):
    estimate = serializers.IntegerField(min_value=0)
    as_of = serializers.DateTimeField()
    next_update_at = serializers.DateTimeField(allow_null=True)
    source = serializers.CharField()


class PausedSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    at = serializers.DateTimeField()


class PinnedSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    counted_at = serializers.DateTimeField(help_text="Of the earlier count that is shown.")
    note = serializers.CharField()


class OverrideSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    selection = serializers.IntegerField()
    votes = serializers.IntegerField(min_value=0, help_text="Shown in place of the source's.")
    source_votes = serializers.IntegerField(
        min_value=0, allow_null=True, help_text="What the source said when it was corrected."
    )
    as_of = serializers.DateTimeField()
    said_by = serializers.CharField()
    url = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)


class CorrectionSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    text = serializers.CharField()


class DeskSerializer(serializers.Serializer):
    """What our desk laid over the source's count; each entry names its row by id."""

    paused = PausedSerializer(allow_null=True)
    pinned = PinnedSerializer(allow_null=True)
    overrides = OverrideSerializer(many=True)
    corrections = CorrectionSerializer(many=True)


class CatchingUpSerializer(serializers.Serializer):
    """What the side behind would need of the ballots left, if the estimate is right."""

    answer = serializers.ChoiceField(choices=[answer.value for answer in Answer])
    selection = serializers.IntegerField(help_text="Who is behind.")
    ballots = serializers.IntegerField(
        allow_null=True, help_text="Those left for the two, or for Yes and No."
    )
    share_needed = serializers.FloatField(allow_null=True, help_text="0 to 1, of these ballots.")
    at_least = serializers.BooleanField(help_text="Whether it may well be more.")
    scaled = serializers.BooleanField(help_text="Worked out from an estimate for all races.")
    as_of = serializers.DateTimeField(allow_null=True)
    source = serializers.CharField(allow_blank=True)
    sentence = serializers.CharField(allow_blank=True)


class RecountSerializer(serializers.Serializer):
    text = serializers.CharField()
    url = serializers.CharField()


class ContestSerializer(serializers.Serializer):
    """One race as published; the same bytes as the file that pages poll."""

    contest = serializers.IntegerField()
    version = serializers.IntegerField(help_text="Only ever rises.")
    title = serializers.CharField()
    election = serializers.CharField()
    test = serializers.BooleanField(help_text="A rehearsal; never show it as a result.")
    type = serializers.CharField()
    state = serializers.CharField()
    state_label = serializers.CharField()
    final = serializers.BooleanField()
    counted_at = serializers.DateTimeField(allow_null=True)
    source = SourceSerializer()
    total_votes = serializers.IntegerField()
    ballots = BallotsSerializer()
    selections = SelectionSerializer(many=True)
    lead = LeadSerializer(allow_null=True, help_text="null where nobody can be said to lead.")
    figures = serializers.DictField(
        child=serializers.CharField(),
        help_text="As a story says them; those of a selection as “votes:<id>” and “share:<id>”.",
    )
    sentence = serializers.CharField()
    rule = serializers.CharField(allow_blank=True, help_text="Such as “The top 2 win.”")
    threshold = serializers.CharField(allow_blank=True)
    catching_up = CatchingUpSerializer(
        allow_null=True, help_text="null where it would be improper to say, as once it is called."
    )
    recount = RecountSerializer(allow_null=True)
    ballots_left = BallotsLeftSerializer(allow_null=True, help_text="null when unknown.")
    notes = serializers.ListField(child=serializers.CharField())
    desk = DeskSerializer()
    coverage = serializers.CharField(
        allow_blank=True, help_text="Whose votes are counted, where it is not everybody’s."
    )
    division = serializers.CharField(allow_blank=True, help_text="Who votes in it.")
    ranked_choice = serializers.BooleanField(help_text="Then the votes are first choices.")
    url = serializers.CharField(allow_blank=True)


class ManifestSerializer(serializers.Serializer):
    election = serializers.IntegerField()
    versions = serializers.DictField(child=serializers.IntegerField())
    final = serializers.ListField(child=serializers.IntegerField())


class ReleaseSerializer(serializers.Serializer):
    counted_at = serializers.DateTimeField()
    first_seen_at = serializers.DateTimeField(source="snapshot.first_seen_at")
    sha256 = serializers.CharField(
        source="snapshot.sha256", help_text="Of the source's document, byte for byte."
    )
    was_late = serializers.SerializerMethodField(
        help_text="Whether it arrived after a newer release and was never shown."
    )
    votes = serializers.DictField(child=serializers.IntegerField())
    ballots_cast = serializers.IntegerField(allow_null=True)
    left_blank = serializers.IntegerField(source="undervotes", allow_null=True)
    marked_too_often = serializers.IntegerField(source="overvotes", allow_null=True)

    def get_was_late(self, count: ContestCount) -> bool:
        return count.snapshot.verdict == "stale"


class HistorySerializer(serializers.Serializer):
    contest = serializers.IntegerField()
    releases = ReleaseSerializer(many=True)


class UnitSerializer(serializers.Serializer):
    name = serializers.CharField()
    key = serializers.CharField(allow_blank=True, help_text="The source’s own, such as FIPS.")
    precincts_reported = serializers.IntegerField(
        allow_null=True, help_text="Those that have reported at least some votes."
    )
    precincts_total = serializers.IntegerField(allow_null=True)
    votes = serializers.DictField(child=serializers.IntegerField())


class KindSerializer(serializers.Serializer):
    name = serializers.CharField()
    votes = serializers.DictField(child=serializers.IntegerField())


class RoundSerializer(serializers.Serializer):
    votes = serializers.DictField(
        child=serializers.IntegerField(allow_null=True), help_text="null for whoever is out."
    )
    elected = serializers.ListField(child=serializers.IntegerField())
    eliminated = serializers.ListField(child=serializers.IntegerField())
    threshold = serializers.IntegerField(allow_null=True)
    exhausted = serializers.IntegerField(help_text="Ballots without a further choice.")


class DetailsSerializer(serializers.Serializer):
    contest = serializers.IntegerField()
    as_of = serializers.DateTimeField()
    source = SourceSerializer()
    unit_type = serializers.CharField(help_text="county, town, precinct or other.")
    adds_up = serializers.BooleanField(
        allow_null=True, help_text="Whether the units make the result; null without units."
    )
    missing = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="Votes of the result that no unit has; below zero where units have more.",
    )
    units = UnitSerializer(many=True)
    kinds = KindSerializer(many=True)
    rounds = RoundSerializer(many=True)


NOT_MODIFIED = {304: OpenApiResponse(description="You have the latest version.")}


class PublicView(APIView):
    """Readable by everybody, cacheable for everybody, and never touching a session."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class ManifestView(PublicView):
    @extend_schema(
        operation_id="election_manifest", responses={200: ManifestSerializer, **NOT_MODIFIED}
    )
    def get(self, request: Request, election_id: int) -> HttpResponse:
        """Return the latest version of every published race of an election."""
        return views.manifest(_plain(request), election_id)


class ContestView(PublicView):
    @extend_schema(operation_id="contest", responses={200: ContestSerializer, **NOT_MODIFIED})
    def get(self, request: Request, contest_id: int) -> HttpResponse:
        """Return one race as readers see it, in the language of the address."""
        rows = Published.objects.only("translations")
        said = get_object_or_404(rows, pk=contest_id).edition(get_language())
        return views.payload(_plain(request), contest_id, said.language)


class HistoryView(PublicView):
    @extend_schema(
        operation_id="contest_history", responses={200: HistorySerializer, **NOT_MODIFIED}
    )
    def get(self, request: Request, contest_id: int) -> HttpResponse:
        """Return the releases in which a race's count changed, oldest first."""
        published = get_object_or_404(Published, pk=contest_id)
        counts = (
            shown_to_readers(ContestCount.objects.filter(contest=contest_id))
            .select_related("snapshot")
            .defer("snapshot__compressed")
            .order_by("counted_at", "pk")
        )
        content = HistorySerializer({"contest": published.pk, "releases": counts}).data
        body = JSONRenderer().render(content).decode()
        return views.conditional(
            _plain(request),
            body,
            etag=views.text_etag(body),
            content_type="application/json",
        )


class DetailsView(PublicView):
    @extend_schema(
        operation_id="contest_details", responses={200: DetailsSerializer, **NOT_MODIFIED}
    )
    def get(self, request: Request, contest_id: int) -> HttpResponse:
        """Return a race by place, by kind of vote and by round; 404 where nobody tells that."""
        row = find_details(get_object_or_404(Published, pk=contest_id))
        if row is None:
            raise Http404
        body = JSONRenderer().render(DetailsSerializer(details_as_json(row)).data).decode()
        return views.conditional(
            _plain(request),
            body,
            etag=views.text_etag(body),
            content_type="application/json",
        )


class SchemaView(SpectacularAPIView):
    """The OpenAPI description of these endpoints."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    serve_public = True
    urlconf = "elections.urls"
    custom_settings = {
        "TITLE": "Election results",
        "DESCRIPTION": "What readers got, and how the count went. Poll the manifest; "
        "fetch a race again when its version rises.",
        "VERSION": "1",
        "SCHEMA_PATH_PREFIX": "/api/results",
    }


def _plain(request: Request) -> HttpRequest:
    return request._request
