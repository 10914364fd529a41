"""The screens of newsletter staff with 200,000 people, and what a file of 100,000 costs.

The floor of a screen is the same bytes answered by a constant view. Time is the processor's, of
site and database together; queries are looked at for a walk through a whole table.
"""

from __future__ import annotations

import io
import json
import sys
import time
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook

from newsroom.newsletters.importing import batches
from newsroom.newsletters.importing.sheets import look_through
from newsroom.newsletters.models import ImportBatch, Newsletter, Subscriber
from newsroom.roles import NEWSLETTER_MANAGERS, create_roles
from tests.benchmarks.bench_story import with_constant_view
from tests.benchmarks.figures import Figure
from tests.benchmarks.turns import take_turns, with_database

PEOPLE = 200_000
ROWS = 100_000
ROUNDS = 7

MAKE_PEOPLE = """
INSERT INTO newsroom_newsletters_subscriber
    (email, person, language, created_at, confirmation_mails)
SELECT substr(md5(n::text), 1, 8) || n || '@example.com', gen_random_uuid(), '',
       now() - (%(people)s - n) * interval '5 minutes', 0
FROM generate_series(1, %(people)s) AS n
"""
MAKE_SUBSCRIPTIONS = """
INSERT INTO newsroom_newsletters_subscription
    (newsletter_id, subscriber_id, key, topic_key, topic_title, state, source, created_at,
     state_changed_at, confirmed_at)
SELECT %(newsletter)s, id, gen_random_uuid(), '', '',
       CASE WHEN id %% 20000 = 7 THEN 'complained' WHEN id %% 9 = 0 THEN 'unsubscribed'
            WHEN id %% 11 = 0 THEN 'pending' ELSE 'confirmed' END,
       CASE WHEN id %% 3 = 0 THEN 'import' WHEN id %% 3 = 1 THEN 'story' ELSE 'ask' END,
       created_at, created_at, created_at
FROM newsroom_newsletters_subscriber WHERE id %% %(each)s = 0
"""
MAKE_EVENTS = """
INSERT INTO newsroom_newsletters_consentevent
    (kind, method, occurred_at, person, address_hash, newsletter_id, topic_key, state_before,
     state_after, form, page_id, block_id, variant, phase, subject, network_hash, note)
SELECT kind, 'form', s.created_at, s.person, md5(s.email), %(newsletter)s, '', '', 'pending',
       'signup', 7, '', '', '', '', '', ''
FROM newsroom_newsletters_subscriber s, unnest(ARRAY['signed_up', 'confirmed']) AS kind
"""


def measure() -> list[Figure]:
    newsletters = plant()
    return [*measure_screens(newsletters), *measure_file(newsletters[0])]


def plant() -> list[Newsletter]:
    newsletters = [
        Newsletter.objects.create(name=name, slug=name.lower(), promise="News.", frequency="Daily")
        for name in ("Morning", "Evening")
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(MAKE_PEOPLE, {"people": PEOPLE})
        for each, newsletter in enumerate(newsletters, start=1):
            facts = {"newsletter": newsletter.pk, "each": each}
            cursor.execute(MAKE_SUBSCRIPTIONS, facts)
        cursor.execute(MAKE_EVENTS, {"newsletter": newsletters[0].pk})
        cursor.execute("ANALYZE")
        cursor.execute("RESET statement_timeout")
    return newsletters


def manager() -> Client:
    create_roles()
    user = get_user_model().objects.create_user("manager")
    user.groups.add(Group.objects.get(name=NEWSLETTER_MANAGERS))
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def measure_screens(newsletters: list[Newsletter]) -> list[Figure]:
    client = manager()
    index = reverse("newsroom_subscribers:index")
    middle = Subscriber.objects.order_by("pk")[PEOPLE // 2]
    person = reverse("newsroom_subscribers:person", args=[middle.pk])
    numbers = reverse("newsroom_subscribers:numbers")
    one = newsletters[0].pk
    screens = {
        "list": lambda: client.get(index, secure=True),
        "list, one newsletter and state": lambda: client.get(
            index, {"newsletter": one, "state": "confirmed"}, secure=True
        ),
        "list, ten of a state": lambda: client.get(index, {"state": "complained"}, secure=True),
        "list, source": lambda: client.get(index, {"source": "import"}, secure=True),
        "list, page 200": lambda: client.get(index, {"p": 200}, secure=True),
        "list, by address": lambda: client.get(index, {"ordering": "email"}, secure=True),
        "find by a beginning": lambda: client.post(
            reverse("newsroom_subscribers:find"), {"address": middle.email[:3]}, secure=True
        ),
        "person": lambda: client.get(person, secure=True),
        "numbers of 30 days": lambda: client.get(numbers, secure=True),
    }
    body = screens["list"]().content
    scans = {name: count_scans(screen) for name, screen in screens.items()}
    with override_settings(ROOT_URLCONF=with_constant_view(body)):
        floor = take_turns(
            {"floor": lambda: client.get("/constant/", secure=True)},
            rounds=ROUNDS,
            clock=with_database(),
        ).median("floor")
    stopwatch = take_turns(screens, rounds=ROUNDS, clock=with_database())
    return [
        Figure(f"200,000 people, {name}", ours=stopwatch.median(name), floor=floor, goal=200)
        for name in screens
    ] + [
        Figure(
            "200,000 people: walks through all of them by list and search",
            ours=sum(scans[name] for name in screens if name.startswith(("list", "find"))),
            unit="walks",
            goal=0,
        )
    ]


def count_scans(screen: object) -> int:
    """Count the queries of a screen that read a whole large table, by PostgreSQL's own plan."""
    with CaptureQueriesContext(connection) as captured:
        screen()
    walks = 0
    for query in captured:
        sql = query["sql"]
        if not sql.startswith("SELECT") or "newsroom_newsletters_subscri" not in sql:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
            plan = cursor.fetchone()[0]
        plan = json.loads(plan) if isinstance(plan, str) else plan
        if walked := [node for node in nodes(plan[0]["Plan"]) if is_walk(node)]:
            print(f"walk: {walked[0]['Relation Name']} in {sql[:400]}", file=sys.stderr)
            walks += 1
    return walks


def nodes(plan: dict) -> list[dict]:
    return [plan, *(node for child in plan.get("Plans", []) for node in nodes(child))]


def is_walk(node: dict) -> bool:
    rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return node["Node Type"] == "Seq Scan" and rows > PEOPLE // 4


def measure_file(newsletter: Newsletter) -> list[Figure]:
    """A file for people who have agreed, and one for people who are asked; each is undone."""
    sheets = [time_file(newsletter, consent) for consent in ("proven", "must_confirm")]
    sheets.append(
        [Figure("100,000 rows of .xlsx: memory of the look", read_workbook_mb(), "MB", goal=60)]
    )
    return [figure for figures in sheets for figure in figures]


def time_file(newsletter: Newsletter, consent: str) -> list[Figure]:
    batch = upload(newsletter, consent)
    before = forget_peak()
    times = {"look": walk(batch.pk)}
    batches.begin(batch, "judged", "committing")
    times["bring in"] = walk(batch.pk)
    peak = status_kb("VmHWM")
    brought = batch.rows.filter(result__in=batches.TO_BRING).count()
    assert brought == ROWS, brought
    batches.begin(batch, "done", "undoing")
    times["undo"] = walk(batch.pk)
    name = f"{ROWS:,} rows of CSV, {consent.replace('_', ' ')}"
    return [
        Figure(f"{name}: memory of look and bringing in", (peak - before) / 1024, "MB", goal=60),
        *(Figure(f"{name}: {step}", seconds, "s", goal=300) for step, seconds in times.items()),
    ]


def upload(newsletter: Newsletter, consent: str) -> ImportBatch:
    lines = (f"reader{number}@example.org" for number in range(ROWS))
    body = "\n".join(["email", *lines]).encode()
    sheet = look_through(body)
    return ImportBatch.objects.create(
        newsletter=newsletter,
        file_name="readers.csv",
        body=body,
        columns=sheet.columns,
        rows_total=sheet.row_count,
        address_column=0,
        consent=consent,
        wording="I want it." if consent == "proven" else "",
        state="judging",
    )


def walk(batch_id: int) -> float:
    """Do one part of an import to its end, as workers do; return the seconds."""
    begun = time.perf_counter()
    while batches.carry_on(batch_id):
        pass
    return time.perf_counter() - begun


def forget_peak() -> int:
    """Let the most memory that this process held be what it holds now, and return that in KB."""
    Path("/proc/self/clear_refs").write_text("5")
    return status_kb("VmRSS")


def status_kb(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def read_workbook_mb() -> float:
    """Return what reading a workbook takes beyond the file itself."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["email", "name"])
    for number in range(ROWS):
        sheet.append([f"reader{number}@example.org", f"Reader {number}"])
    file = io.BytesIO()
    book.save(file)
    body = file.getvalue()
    del book, sheet, file
    before = forget_peak()
    assert look_through(body).row_count == ROWS
    return (status_kb("VmHWM") - before) / 1024
