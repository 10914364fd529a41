"""Where counts are brought by hand: typed for a race, or sent in a sheet."""

from __future__ import annotations

from django.urls import path

from elections.desk.typed_counts import TypeElectionView, TypeRaceView

urlpatterns = [
    path("type/<int:pk>/", TypeRaceView.as_view(), name="type"),
    path("type/election/<int:pk>/", TypeElectionView.as_view(), name="type_election"),
]
