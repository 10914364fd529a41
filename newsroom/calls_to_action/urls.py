from django.urls import path

from newsroom.calls_to_action.views.gifts import GiftsView, ThanksView
from newsroom.calls_to_action.views.seen import SeenView

app_name = "asks"

urlpatterns = [
    path("seen/", SeenView.as_view(), name="seen"),
    path("thanks/", ThanksView.as_view(), name="thanks"),
    path("gifts/", GiftsView.as_view(), name="gifts"),
]
