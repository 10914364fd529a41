from dataclasses import asdict

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.generic import TemplateView

from newsroom.caching import PRIVATE, publicly_cacheable
from newsroom.conf import newsroom_settings
from newsroom.newsletters.forms import SignupForm
from newsroom.newsletters.guards import (
    is_address_within_limit,
    is_own_origin,
    is_within_limit,
    network_hash,
)
from newsroom.newsletters.models import Evidence, Method, Newsletter
from newsroom.newsletters.spikes import watch
from newsroom.newsletters.subscriptions import Wish, sign_up
from newsroom.newsletters.wordings import get_wording


@method_decorator(publicly_cacheable, name="dispatch")
@method_decorator(csrf_exempt, name="dispatch")
@method_decorator(sensitive_post_parameters("email"), name="dispatch")
class SubscribeView(View):
    """Takes the signup forms of all pages; on GET, shows one for all open newsletters.

    Without a CSRF token, because the pages with its forms are the same for everyone; where a form
    comes from is checked instead. The answer is the same for an address known and unknown.
    """

    template_name = "newsroom/newsletters/subscribe.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(SignupForm(initial={"newsletter": request.GET.getlist("newsletter")}))

    @method_decorator(sensitive_variables())
    def post(self, request: HttpRequest) -> HttpResponse:
        if not is_own_origin(request):
            return self.refuse(
                _("This form came from another site. Sign up here instead."), status=403
            )
        form = SignupForm(request.POST)
        if form.is_from_machine:
            return self.thank()
        if not form.is_valid():
            return self.show(form, status=422)
        if not is_within_limit(request):
            response = self.refuse(
                _("There were too many signups from your network. Try again in a few minutes."),
                status=429,
                data=request.POST,
            )
            response["Retry-After"] = str(newsroom_settings.SIGNUP_WINDOW_SECONDS)
            return response
        if is_address_within_limit(form.cleaned_data["email"]):
            self.write_down(form)
        return self.thank()

    def write_down(self, form: SignupForm) -> None:
        now = timezone.now()
        place = asdict(form.place)
        del place["topic"]
        evidence = Evidence(method=Method.FORM, network_hash=network_hash(self.request), **place)
        wishes = [self.wish_of(form, newsletter) for newsletter in form.cleaned_data["newsletter"]]
        sign_up(form.cleaned_data["email"], wishes, evidence, now=now)
        watch(now)

    @staticmethod
    def wish_of(form: SignupForm, newsletter: Newsletter) -> Wish:
        place = form.place
        wording = get_wording(
            newsletter, place.call_to_action_id, variant=place.variant, phase=place.phase
        )
        if not newsletter.is_for_topics:
            return Wish(newsletter=newsletter, wording=wording)
        return Wish(
            newsletter=newsletter,
            wording=f"{wording}\n{form.topic.title}",
            topic_key=form.topic.key,
            topic_title=form.topic.title,
            expires_at=form.topic.expires_at,
        )

    def thank(self) -> HttpResponse:
        response = HttpResponseRedirect(reverse("newsletters:thanks"), status=303)
        response["Cache-Control"] = PRIVATE
        return response

    def refuse(self, reason: str, *, status: int, data: dict | None = None) -> HttpResponse:
        form = SignupForm(data or {"email": ""})
        form.full_clean()
        form.errors.clear()
        form.add_error(None, reason)
        return self.show(form, status=status)

    def show(self, form: SignupForm, *, status: int = 200) -> HttpResponse:
        offered = Newsletter.objects.open()
        is_list = Q(scope=Newsletter.Scope.LIST)
        if form.topic is not None:
            is_list |= Q(slug__in=form["newsletter"].value())
        offered = offered.filter(is_list)
        context = {"form": form, "newsletters": offered}
        response = render(self.request, self.template_name, context, status=status)
        if self.request.method == "POST":
            response["Cache-Control"] = PRIVATE
        return response


@method_decorator(publicly_cacheable, name="dispatch")
class ThanksView(TemplateView):
    template_name = "newsroom/newsletters/thanks.html"
