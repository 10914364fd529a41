"""Where counts are brought by hand: typed for a race, or sent in a sheet."""

from __future__ import annotations

from django.urls import path

from elections.desk.sent_sheets import OriginalView, ReadSheetView, SendSheetView
from elections.desk.typed_counts import TypeElectionView, TypeRaceView

urlpatterns = [
    path("type/<int:pk>/", TypeRaceView.as_view(), name="type"),
    path("type/election/<int:pk>/", TypeElectionView.as_view(), name="type_election"),
    path("send/<int:pk>/", SendSheetView.as_view(), name="send"),
    path("read/<int:pk>/", ReadSheetView.as_view(), name="read"),
    path("original/<int:pk>/", OriginalView.as_view(), name="original"),
]
