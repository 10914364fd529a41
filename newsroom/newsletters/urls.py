from django.urls import path

from newsroom.newsletters.views import SubscribeView, ThanksView

app_name = "newsletters"

urlpatterns = [
    path("subscribe/", SubscribeView.as_view(), name="subscribe"),
    path("thanks/", ThanksView.as_view(), name="thanks"),
]
