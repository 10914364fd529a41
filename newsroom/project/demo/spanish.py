"""The demonstration in Spanish: a front page, a section, a story, and what names are called."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from django.apps import apps
from wagtail.models import Locale

from newsroom.pages.models import HomePage, SectionPage, StoryPage
from newsroom.project.demo.pages import SITE_NAME, Shelves
from newsroom.project.demo.stories.pieces import Piece, Shelf, heading, text

ORIGINAL = "follow-the-count-lausd-district-3"
PHRASES = {
    "November 2024 results": "Resultados de noviembre de 2024",
    "General election, Nov. 5, 2024": "Elecciones generales, 5 de noviembre de 2024",
    "The races that we follow, as the county counts them.": (
        "Las contiendas que seguimos, conforme el condado las cuenta."
    ),
    "Los Angeles County Registrar-Recorder/County Clerk": (
        "Registro y Secretaría del Condado de Los Ángeles"
    ),
    "Los Angeles Unified school board, District 3": "Junta escolar de LAUSD, Distrito 3",
    "Los Angeles Unified school board, District 1": "Junta escolar de LAUSD, Distrito 1",
    "Los Angeles Unified school board, District 5": "Junta escolar de LAUSD, Distrito 5",
    "Los Angeles Unified, District 3": "LAUSD, Distrito 3",
    "Los Angeles Unified, District 1": "LAUSD, Distrito 1",
    "Los Angeles Unified, District 5": "LAUSD, Distrito 5",
    "One of the seven seats on the board of Los Angeles Unified.": (
        "Uno de los siete escaños de la junta del Distrito Escolar Unificado de Los Ángeles."
    ),
    "Measure US: Los Angeles Unified school bonds": "Medida US: bonos para las escuelas de LAUSD",
    "Bonds of $9 billion for the schools of the district. It needs 55% of the vote.": (
        "Bonos por $9,000 millones para las escuelas del distrito. Necesita 55% de los votos."
    ),
    "Measure V: Mt. San Antonio College bonds": "Medida V: bonos para Mt. San Antonio College",
    "Beverly Hills Unified school board": "Junta escolar de Beverly Hills",
    "Four candidates for three seats.": "Cuatro candidaturas para tres escaños.",
    "Measure G: Los Angeles County government": "Medida G: el gobierno del condado de Los Ángeles",
    "Measure A: Sales tax for homeless services and housing": (
        "Medida A: impuesto a las ventas para vivienda y servicios a personas sin hogar"
    ),
    "Measure PH: Puente Hills Preserve tax": "Medida PH: impuesto para la reserva de Puente Hills",
    "State Senate, District 23": "Senado estatal, Distrito 23",
    "State Senate District 23": "Distrito 23 del Senado estatal",
    "Los Angeles County": "Condado de Los Ángeles",
}


def make_spanish(home: HomePage, shelves: Shelves) -> None:
    """Translate the front page, a section and a story; the races need a table of names only."""
    phrase = apps.get_model("elections.Phrase")
    phrase.objects.bulk_create(
        phrase(language="es", text=said, translation=spanish) for said, spanish in PHRASES.items()
    )
    locale, _made = Locale.objects.get_or_create(language_code="es")
    front = _translate(home, locale, title=SITE_NAME, slug="portada", lead_story=None)
    section = SectionPage.objects.get(slug="education", locale=home.locale)
    _translate(
        section,
        locale,
        title="Educación",
        slug="educacion",
        introduction="Escuelas y universidades, y quienes las dirigen y las pagan.",
    )
    original = StoryPage.objects.get(slug=ORIGINAL)
    story = _translate(
        original,
        locale,
        title="Schmerelson o Chang: sigue el conteo por el Distrito 3 de LAUSD",
        slug="sigue-el-conteo-distrito-3-lausd",
        dek=(
            "Los números de esta nota vienen del condado y se actualizan solos. Cómo va la "
            "contienda, cómo llegó hasta aquí y por qué cambian los primeros conteos."
        ),
        body=json.dumps(_body(shelves.shelf())),
        lead_image_alt="Un mapa inventado de un distrito, con sus precintos.",
        lead_image_caption="Un mapa inventado de un distrito: muchos precintos, un escaño.",
        first_published_at=datetime(2024, 11, 5, 21, 5, tzinfo=ZoneInfo("America/Los_Angeles")),
    )
    # Its count of children is older than the section.
    front.refresh_from_db()
    front.lead_story = story.page_ptr
    front.save_revision().publish()


def _translate(page, locale: Locale, **said: object):
    """Publish a translation of the page; the parts that are not said stay as they are."""
    translated = page.copy_for_translation(locale, copy_parents=False)
    for name, value in said.items():
        setattr(translated, name, value)
    translated.save_revision().publish()
    translated.refresh_from_db()
    return translated


def _body(shelf: Shelf) -> list[Piece]:
    return [
        text(
            "Scott Schmerelson, quien ocupa el escaño, y Dan Chang compiten por el Distrito 3 de "
            "la junta del Distrito Escolar Unificado de Los Ángeles. El primer conteo del condado "
            "llegó 36 minutos después del cierre de las casillas, el 5 de noviembre de 2024.",
        ),
        shelf.result("lausd-3"),
        text(
            "Los primeros números no son los últimos. El condado sigue contando durante semanas, "
            "y cada actualización puede mover la diferencia. "
            + shelf.link("lausd-district-3", "La página de esta contienda")
            + " las guarda todas.",
        ),
        shelf.course("lausd-3"),
        heading("Por qué un conteo puede parecer que retrocede"),
        text(
            "En esta elección, el servidor del condado respondió 16 veces con un conteo más viejo "
            "que el anterior. Una página que muestra lo que llega les habría quitado votos a las "
            "dos candidaturas, para devolverlos minutos después. Aquí los números avanzan solo "
            "cuando el condado ha contado más, y llevan la hora de ese conteo.",
        ),
        heading("Cómo llegó hasta aquí la contienda"),
        text(
            "Cinco personas compitieron en la primaria de marzo. Nadie llegó a la mayoría, así "
            "que los dos primeros lugares pasaron a noviembre.",
        ),
        heading("En la misma boleta"),
        text(
            "También estaban en la boleta otros dos escaños de la junta y una medida de bonos "
            "para las escuelas del distrito, que necesita 55% para aprobarse. "
            + shelf.link("november-2024-results", "Todas las contiendas que seguimos")
            + " están en una sola página.",
        ),
        shelf.result("lausd-1", size="line"),
        shelf.result("lausd-5", size="line"),
        shelf.result("measure-us", size="line"),
    ]
