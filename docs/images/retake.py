"""Takes the pictures of the how-to pages again, from a demonstration that runs.

    NEWSROOM_VAR_DIR="$(mktemp -d)" .venv/bin/python manage.py demo --port 8001
    .venv/bin/python docs/images/retake.py http://localhost:8001

Begin with an empty folder. One draft is left behind. ``NEWSROOM_CHROMIUM`` names the browser.
"""

from __future__ import annotations

import os
import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).parent
STORY = "/education/schmerelson-apparent-winner-koziatek-concedes/"
HEADLINE = "Measure G: Who would run the county"


def keep(page: Page, name: str, **options: object) -> None:
    """Store what the page shows, as a picture of the docs."""
    shot = page.screenshot(animations="disabled", **options)
    picture = Image.open(BytesIO(shot)).convert("RGB")
    path = FOLDER / f"{name}.webp"
    picture.save(path, "WEBP", quality=72, method=6)
    sys.stdout.write(f"{path.name}: {path.stat().st_size:,} bytes\n")


def open_page(page: Page, address: str) -> None:
    page.goto(address, wait_until="networkidle")


def sign_in(page: Page, site: str) -> None:
    open_page(page, f"{site}/admin/login/?next=/admin/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("editor")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("Races to watch").wait_for()


def take_first_page(page: Page, site: str) -> None:
    """Once the count has moved, there is an untrue number, too."""
    for _try in range(12):
        open_page(page, f"{site}/admin/")
        if page.get_by_text("Stories with untrue numbers").is_visible():
            break
        page.wait_for_timeout(5000)
    page.set_viewport_size({"width": 1180, "height": 1240})
    keep(page, "first-page")


def take_beginning(page: Page, site: str) -> None:
    """Start a draft from a template; the page is its editor afterwards."""
    found = page.request.get(f"{site}/api/v2/pages/?type=newsroom_pages.SectionPage&slug=education")
    section = found.json()["items"][0]["id"]
    open_page(page, f"{site}/admin/newsroom/stories/start/{section}/")
    page.get_by_label("Result story").check()
    page.get_by_label("Headline").fill(HEADLINE)
    page.get_by_role("button", name="Choose").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("link", name="Measure G").first.click()
    dialog.wait_for(state="detached")
    page.locator(".modal-backdrop").wait_for(state="detached")
    keep(page, "beginning", clip={"x": 0, "y": 0, "width": 1180, "height": 540})
    page.get_by_role("button", name="Start the draft").click()
    page.wait_for_url("**/edit/")
    page.wait_for_load_state("networkidle")


def take_draft(page: Page) -> None:
    page.get_by_label("Toggle comments").click()
    page.locator("#panel-child-content-body-heading").scroll_into_view_if_needed()
    page.mouse.wheel(0, 420)
    page.get_by_text("Let live figures carry the numbers").wait_for()
    keep(page, "draft")
    page.get_by_label("Toggle comments").click()


def take_picker(page: Page) -> None:
    body = page.locator("#panel-child-content-body-content")
    body.get_by_title("Insert a block").nth(1).click()
    page.locator(".w-combobox input").fill("money")
    page.locator(".w-combobox").get_by_label("Preview").first.click()
    page.frame_locator(".w-combobox-preview__iframe").locator(".money").wait_for()
    keep(page, "picker")
    page.keyboard.press("Escape")
    page.locator(".w-combobox").wait_for(state="detached")


def take_figure(page: Page) -> None:
    text = page.locator("#panel-child-content-body-content [role=textbox]").first
    text.click()
    page.keyboard.type("Shall the county elect an executive? /live")
    page.get_by_role("option", name="Live figure of a race").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("link", name="Measure G").click()
    dialog.get_by_label("Where the race stands, as a sentence").check()
    dialog.get_by_label("Margin, in votes").scroll_into_view_if_needed()
    keep(page, "live-figure")
    dialog.get_by_role("button", name="Insert this figure").click()
    dialog.wait_for(state="detached")


def take_preview(page: Page) -> None:
    page.get_by_label("Toggle preview").click()
    page.get_by_label("Preview mode").select_option("race-called")
    preview = page.frame_locator(".w-preview__iframe >> visible=true")
    preview.get_by_text("Passed", exact=True).first.wait_for()
    keep(page, "preview")


def take_queue(page: Page, site: str) -> None:
    open_page(page, f"{site}/admin/elections/untrue/")
    keep(page, "untrue", clip={"x": 0, "y": 0, "width": 1180, "height": 420})


def take_story(page: Page, site: str) -> None:
    open_page(page, site + STORY)
    keep(page, "story")
    page.locator(".money").evaluate("element => element.scrollIntoView()")
    keep(page, "story-money")


def main(site: str) -> None:
    named = os.environ.get("NEWSROOM_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=named, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1180, "height": 760})
        page.on("dialog", lambda dialog: dialog.accept())
        take_story(page, site)
        sign_in(page, site)
        take_beginning(page, site)
        take_draft(page)
        take_picker(page)
        take_figure(page)
        take_preview(page)
        take_queue(page, site)
        take_first_page(page, site)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
