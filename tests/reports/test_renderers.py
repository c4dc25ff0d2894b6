"""The report as text, JSON and HTML, and the bulletin's sentence, in three languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from fieldapp.domain.counting import Deed, Found
from fieldapp.reports.bulletin import period, sentence, warning
from fieldapp.reports.document import document
from fieldapp.reports.facts import WeeklyFacts
from fieldapp.reports.html import html
from fieldapp.reports.text import text
from fieldapp.reports.weekly import WeeklyReport, build
from fieldapp.texts import LANGUAGES, Texts
from tests.builders_reports import FIRST, LAST, plot, published_week

Golden = Callable[[str, str], None]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_is_the_one_we_have_read(published: WeeklyReport, golden: Golden, language: str) -> None:
    golden(f"weekly.{language}.txt", text(published, Texts(language)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_the_one_we_have_looked_at(published: WeeklyReport, golden: Golden, language: str) -> None:
    golden(f"weekly.{language}.html", html(published, Texts(language)))


def test_the_document_is_the_one_scripts_rely_on(published: WeeklyReport, golden: Golden) -> None:
    golden("weekly.json", json.dumps(document(published, Texts()), ensure_ascii=False, indent=1) + "\n")


def test_a_difficult_week_says_everything_that_is_wrong_with_it(golden: Golden) -> None:
    facts = published_week()
    odd = Found("find/team-01/9", "team-01", None, "ap_mine", 1, local_id="T01-0009-X")
    lost = Deed("disposal/team-01/9", "team-01", "central_demolition", 4, "2024-08-04", tag="<b>T09</b>")
    more = Deed("disposal/team-01/8", "team-01", "destroyed_in_place", 5, "2024-08-04", find="find/team-01/1")
    waiting = replace(plot("plot/team-01/7", "7900"), approved=None)
    difficult = replace(
        facts, finds=[*facts.finds, odd], deeds=[*facts.deeds, lost, more], plots=[*facts.plots, waiting],
        approved=(), signed=(), unsettled={"find/team-01/0"}, teams_reported={"team-01"}, gaps=2, conflicts=1,
    )  # fmt: skip
    golden("difficult.en.txt", text(build(difficult, FIRST, LAST), Texts()))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("In the period 29 July – 4 August 2024, 280 anti-personnel mines, 87 anti-tank mines and 8,086 items "
               "of unexploded ordnance were found and neutralised in Tartar, Aghdara, Kalbajar, Aghdam, Khojaly, "
               "Khankendi, Khojavend, Lachin, Shusha, Fuzuli, Gubadli, Jabrayil and Zangilan districts; "
               "2,790.9 hectares of land were cleared.")),
        ("az", ("29 iyul – 4 avqust 2024-cü il tarixlərində Tərtər, Ağdərə, Kəlbəcər, Ağdam, Xocalı, Xankəndi, "
               "Xocavənd, Laçın, Şuşa, Füzuli, Qubadlı, Cəbrayıl və Zəngilan ərazilərində 280 piyada əleyhinə, "
               "87 tank əleyhinə mina və 8\u00a0086 partlamamış hərbi sursat aşkarlanaraq zərərsizləşdirilib, "
               "2\u00a0790,9 hektar ərazi təmizlənib.")),
        ("ru", ("В период 29 июля – 4 августа 2024 года в районах Тертер, Агдере, Кельбаджар, Агдам, Ходжалы, "
               "Ханкенди, Ходжавенд, Лачин, Шуша, Физули, Губадлы, Джебраил и Зангилан обнаружено и обезврежено "
               "280 противопехотных мин, 87 противотанковых мин и 8\u00a0086 неразорвавшихся боеприпасов; "
               "очищено 2\u00a0790,9 гектара территории.")),
    ],
)  # fmt: skip
def test_the_bulletin_has_each_languages_wording_and_number_style(
    published: WeeklyReport, language: str, expected: str
) -> None:
    assert sentence(published, Texts(language)) == expected
    assert document(published, Texts())["bulletin"][language] == expected


def test_single_items_and_one_district_read_right() -> None:
    finds = [
        Found(f"find/t/{category}", "t", "2024-08-01", category, 1, place="AZ-AGM")
        for category in ("ap_mine", "at_mine", "grenade")
    ]
    report = build(WeeklyFacts(finds), FIRST, LAST)
    assert "1 anti-personnel mine, 1 anti-tank mine and 1 item of unexploded ordnance" in sentence(report, Texts())
    assert "in Aghdam district; 0.0 hectares" in sentence(report, Texts())
    assert "в районе Агдам обнаружено и обезврежено 1 противопехотная мина, 1 противотанковая мина и" in sentence(
        report, Texts("ru")
    )


def test_a_week_without_work_names_no_district() -> None:
    report = build(WeeklyFacts(), FIRST, LAST)
    assert sentence(report, Texts("az")) == (
        "29 iyul – 4 avqust 2024-cü il tarixlərində 0 piyada əleyhinə, 0 tank əleyhinə mina və 0 partlamamış hərbi "
        "sursat aşkarlanaraq zərərsizləşdirilib, 0,0 hektar ərazi təmizlənib."
    )


@pytest.mark.parametrize(
    ("first", "last", "language", "expected"),
    [
        (date(2026, 11, 9), date(2026, 11, 15), "en", "9–15 November 2026"),
        (date(2024, 12, 30), date(2025, 1, 5), "ru", "30 декабря 2024 – 5 января 2025"),
        (date(2024, 8, 4), date(2024, 8, 4), "az", "4 avqust 2024"),
    ],
)
def test_a_period_says_once_what_both_days_share(first: date, last: date, language: str, expected: str) -> None:
    assert period(first, last, Texts(language)) == expected


@pytest.mark.parametrize(
    ("year", "ordinal"),
    [(2023, "2023-cü"), (2024, "2024-cü"), (2025, "2025-ci"), (2026, "2026-cı"), (2027, "2027-ci"), (2028, "2028-ci"),
     (2029, "2029-cu"), (2030, "2030-cu"), (2040, "2040-cı"), (2000, "2000-ci"), (2100, "2100-cü")],
)  # fmt: skip
def test_azerbaijani_years_have_the_right_ending(year: int, ordinal: str) -> None:
    day = date(year, 11, 9)
    assert f"{ordinal} il" in sentence(build(WeeklyFacts(), day, day), Texts("az"))


@pytest.mark.parametrize(("destroyed", "warned"), [(95, False), (94, True)])
def test_more_than_five_percent_outstanding_warns(destroyed: int, warned: bool) -> None:
    find = Found("find/t/1", "t", "2024-08-01", "ap_mine", 100, place="AZ-AGM")
    deed = Deed("disposal/t/1", "t", "destroyed_in_place", destroyed, "2024-08-02", find=find.record)
    report = build(WeeklyFacts([find], [deed]), FIRST, LAST)
    said = warning(report, Texts())
    assert bool(said) is warned
    if warned:
        assert "6 of 100 items found (6.0 %)" in said
        assert said in html(report, Texts())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href"}]


def test_text_from_records_stays_text_and_the_page_needs_nothing_else() -> None:
    evil = "<script>alert(1)</script>"
    finds = [Found("find/t/1", evil, "2024-08-01", "ap_mine", 1, place=evil)]
    deeds = [Deed("disposal/t/1", "t", evil, 1, "2024-08-01", tag=evil)]
    page = html(build(WeeklyFacts(finds, deeds, teams_expected={evil}), FIRST, LAST), Texts())
    reader = _Reader()
    reader.feed(page)
    assert "script" not in reader.tags
    assert page.count("&lt;script&gt;") >= 4
    assert reader.addresses == []
    assert "url(" not in page


def test_columns_of_the_text_are_aligned(published: WeeklyReport) -> None:
    lines = text(published, Texts("ru")).split("\n\n")[3].split("\n")
    assert len({len(line) for line in lines[2:]}) == 1
