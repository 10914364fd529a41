"""The groups under which the editor offers blocks. Guests may use them too."""

from django.utils.translation import gettext_lazy as _

TEXT = _("Text")
MEDIA = _("Pictures and embeds")
ASKS = _("Links and asks")
DATA = _("Figures and facts")
ELECTIONS = _("Elections")
MISSING = _("Not installed")
