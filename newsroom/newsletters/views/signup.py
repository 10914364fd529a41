from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.generic import TemplateView

from newsroom.caching import PRIVATE, publicly_cacheable
from newsroom.conf import newsroom_settings
from newsroom.newsletters.forms import SignupForm
from newsroom.newsletters.guards import is_own_origin, is_within_limit
from newsroom.newsletters.models import Evidence, Method, Newsletter
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
        data = form.cleaned_data
        ask = data["call_to_action"]
        wishes = [
            Wish(newsletter=newsletter, wording=get_wording(newsletter, ask))
            for newsletter in data["newsletter"]
        ]
        evidence = Evidence(
            method=Method.FORM,
            form="signup",
            page_id=data["story"],
            block_id=data["block"],
            call_to_action_id=ask,
        )
        sign_up(data["email"], wishes, evidence)
        return self.thank()

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
        context = {"form": form, "newsletters": Newsletter.objects.open()}
        response = render(self.request, self.template_name, context, status=status)
        if self.request.method == "POST":
            response["Cache-Control"] = PRIVATE
        return response


@method_decorator(publicly_cacheable, name="dispatch")
class ThanksView(TemplateView):
    template_name = "newsroom/newsletters/thanks.html"
