"""Spanish is complete: every text that a reader sees, and nothing that says something else."""

import re
from pathlib import Path

import polib
import pytest

from newsroom.project.messages import catalogs, reading
from newsroom.project.messages.readers import CATALOGS, Catalog
from newsroom.project.messages.reading import Message


@pytest.fixture
def catalog(tmp_path, monkeypatch) -> Catalog:
    """An app of one template and one module, with a catalog of its own."""
    monkeypatch.setattr("newsroom.project.messages.readers.ROOT", tmp_path)
    (tmp_path / "page.html").write_text(
        "{% load i18n %}{% translate 'Votes' %}"
        "{% blocktranslate count number=n %}{{ number }} race{% plural %}{{ number }} races"
        "{% endblocktranslate %}{{ x|default:_('Home') }}"
    )
    (tmp_path / "words.py").write_text(
        "from django.utils.translation import gettext as _\n"
        "SAID = _('%(name)s leads by '\n    '%(votes)s.')\n"
        "class Meta:\n    label = _('For editors')\n"
    )
    catalog = Catalog(
        app=".",
        templates=("*.html",),
        not_templates=(),
        whole=(),
        mixed=("words.py",),
        for_editors=(),
    )
    catalogs.update(catalog, "es")
    return catalog


def say(catalog: Catalog, **translations: str) -> None:
    po = catalogs.read(catalog.path("es"))
    for entry in po:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: "%(number)s contienda", 1: "%(number)s contiendas"}
        elif entry.msgid in {"Votes", "Home"}:
            entry.msgstr = {"Votes": "Votos", "Home": "Portada"}[entry.msgid]
        else:
            entry.msgstr = translations.get("lead", "%(name)s va al frente por %(votes)s.")
    po.save(str(catalog.path("es")))
    catalogs.compile_catalog(catalog.path("es"))


class TestSpanish:
    @pytest.mark.parametrize("catalog", CATALOGS, ids=lambda catalog: catalog.app)
    def test_is_complete_for_readers(self, catalog):
        assert list(catalogs.problems(catalog, "es")) == []

    @pytest.mark.parametrize("catalog", CATALOGS, ids=lambda catalog: catalog.app)
    def test_calls_readers_by_one_pronoun(self, catalog):
        formal = {"usted", "su correo", "suscríbase", "elija", "haga"}
        said = " ".join(entry.msgstr.lower() for entry in catalogs.read(catalog.path("es")))
        assert [word for word in formal if re.search(rf"\b{word}\b", said)] == []


class TestReading:
    def test_finds_texts_in_templates_and_modules(self, catalog):
        assert set(catalog.messages()) == {
            Message("Votes"),
            Message("Home"),
            Message("%(number)s race", plural="%(number)s races"),
            Message("%(name)s leads by %(votes)s."),
        }

    def test_leaves_out_what_is_for_editors(self, catalog):
        assert Message("For editors") not in catalog.messages()

    def test_knows_a_function_by_what_was_imported(self, tmp_path):
        path = tmp_path / "module.py"
        path.write_text("from elsewhere import gettext as _\nSAID = _('Not ours')\n")
        assert list(reading.read_module(path, tmp_path)) == []


class TestProblems:
    def test_are_none_where_all_is_said(self, catalog):
        say(catalog)
        assert list(catalogs.problems(catalog, "es")) == []

    def test_tell_a_text_without_a_translation(self, catalog):
        say(catalog, lead="")
        assert [one for one in catalogs.problems(catalog, "es") if "not translated" in one]

    def test_tell_a_placeholder_that_was_lost(self, catalog):
        say(catalog, lead="%(name)s va al frente.")
        assert [one for one in catalogs.problems(catalog, "es") if "placeholders" in one]

    def test_tell_a_text_that_is_new_in_the_code(self, catalog, tmp_path: Path):
        say(catalog)
        (tmp_path / "page.html").write_text("{% load i18n %}{% translate 'New' %}")
        [problem] = catalogs.problems(catalog, "es")
        assert problem == "page.html:1: “New” is not in the catalog."

    def test_tell_a_fuzzy_one(self, catalog):
        say(catalog)
        po = catalogs.read(catalog.path("es"))
        po[0].flags.append("fuzzy")
        po.save(str(catalog.path("es")))
        assert [one for one in catalogs.problems(catalog, "es") if "fuzzy" in one]

    def test_tell_a_compiled_catalog_that_is_older(self, catalog):
        say(catalog)
        path = catalog.path("es")
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
        path.write_text(path.read_text().replace("Portada", "Inicio"))
        assert [one for one in catalogs.problems(catalog, "es") if "make messages" in one]


class TestUpdate:
    def test_keeps_what_was_translated_and_drops_what_is_gone(self, catalog, tmp_path: Path):
        say(catalog)
        (tmp_path / "page.html").write_text("{% load i18n %}{% translate 'Votes' %}")
        po = catalogs.update(catalog, "es")
        assert {entry.msgid: entry.msgstr for entry in po}["Votes"] == "Votos"
        assert "Home" not in {entry.msgid for entry in po}
