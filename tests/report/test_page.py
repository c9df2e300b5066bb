"""report.html: everything said, nothing leaked, nothing let in."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from types import ModuleType

from iolaus.report.limits import PageLimits
from iolaus.report.page import render_page
from iolaus.schema import Explanation

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Reader(HTMLParser):
    """Collect the words, the scripts and the attributes; complain of tags that do not close."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.scripts: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the tag and its attributes."""
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that is open."""
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        """Keep words and scripts apart."""
        if self.open and self.open[-1] == "script":
            self.scripts.append(data)
        elif self.open and self.open[-1] != "style":
            self.words.append(data)


def read(page: str) -> Reader:
    """Return what a browser would find."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert [] == reader.open
    return reader


def policy_of(page: str) -> str:
    """Return the content security policy."""
    return next(v for _, v in read(page).attributes if v and v.startswith("default-src"))


def words_of(page: str) -> str:
    """Return the page's words, spaces joined."""
    return re.sub(r"\s+", " ", " ".join(read(page).words))


def test_the_page_says_all_of_a_campaign(built: ModuleType) -> None:
    """Headline, both claims, terms that count and do not, innocents, flows, limits."""
    words = words_of(render_page(built.report()))
    for said in (
        "2 campaigns",
        "1,204,331",
        "+23.4 bits",
        "+6.1 bits",
        "Not counted: the template explains the same minutes.",
        "bulk, not attributed",
        "does not explain it (−14.2 bits) and changes nothing",
        "takes 2.3 bits from the claim of harvesting",
        "explains it better than a hidden operator, by 9.7 bits",
        "takes 9.7 bits from the claim of harvesting",
        "on watch",
        "lumen-4",
        "Columns absent from the log: tls , logprobs",
        "12 times had no zone",
        "A relay that only records",
        "nobody known",
    ):
        assert said in words


def test_a_cause_that_is_not_ahead_is_not_said_to_clear(built: ModuleType) -> None:
    """Only the best one is taken off, and one at zero or below changes nothing."""
    causes = tuple(
        Explanation(name=name, gap_bits=gap, says="perhaps")
        for name, gap in (("egress", 0.0), ("coursework", 1.0), ("organisation", 3.0))
    )
    one = replace(built.cleared(10), explanations=causes, extraction_bits=-2.0)
    words = words_of(render_page(replace(built.report(), cleared=(one,))))
    assert "Organisation takes 3.0 bits from the claim of harvesting" in words
    assert "Coursework is 1.0 bits ahead as well; only the best is taken off" in words
    assert "Egress does not explain it (0.0 bits) and changes nothing" in words


def test_a_flow_says_why_it_is_left_alone(built: ModuleType) -> None:
    """Its bits, its share of strangers, and its verdict in words; a dash where none is known."""
    report = built.report()
    left = replace(
        built.flow(0, verdict="bulk, not attributed"),
        stranger_share=0.041,
        says="4.1 % of it may be strangers'",
    )
    campaign = replace(report.campaigns[0], flows=(left, built.flow(1)))
    words = words_of(render_page(replace(report, campaigns=(campaign,))))
    assert "bulk, not attributed 4.1 % of it may be strangers'." in words
    assert "+12.5 4.1 % 1 Mar to 7 Mar 2026" in words.replace("\u202f", " ").replace("\xa0", " ")
    assert "+8.5 – 1 Mar" in words.replace("\xa0", " ")


def test_a_sum_past_the_line_is_not_yet_together(built: ModuleType) -> None:
    """A network whose sum is enough and whose kinds of evidence are not says so; others do not."""
    past = replace(built.cleared(10), coordination_bits=23.6, extraction_bits=None)
    apart = replace(built.network(10), together=False)
    report = replace(built.report(), networks=(apart,), cleared=(past,))
    told = "past the line, and that is not enough"
    assert told in words_of(render_page(report))
    together = replace(report, networks=(replace(apart, together=True),))
    assert told not in words_of(render_page(together))


def test_a_page_without_campaign_says_what_could_not_be_seen(built: ModuleType) -> None:
    """Emptiness is designed: no charts, no scripts, and why nothing may have been found."""
    page = render_page(built.empty_report())
    words = words_of(page)
    assert "No campaign found" in words
    assert "The log holds no text" in words
    assert "No account table was given" in words
    assert "No accounts had enough in common" in words
    assert [] == read(page).scripts
    assert "script-src 'none'" in policy_of(page)


def test_a_campaign_of_a_log_without_text_has_no_invented_target(built: ModuleType) -> None:
    """Unknown is said in words; no empty table, no empty chart."""
    report = built.report()
    bare = replace(
        report.campaigns[0],
        targets=(),
        flows=(),
        members=(),
        timeline=(),
        phases=(),
        pivots=(),
        explanations=(),
        attributions=(),
    )
    page = render_page(replace(report, campaigns=(bare,)))
    words = words_of(page)
    assert "none of its prompts could be read" in words
    assert "none has anything to say for it." in words
    assert "data-chart" not in page.split("<body>")[1].split("<script")[0]


def test_what_a_log_says_is_never_markup(built: ModuleType) -> None:
    """Names come from logs that attackers write: they stay words, in the page and in its data."""
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    report = built.report()
    campaign = report.campaigns[0]
    member = replace(campaign.members[0], strongest=evil)
    pivot = replace(campaign.pivots[0], model=evil)
    summary = replace(report.summary, skipped_files=(evil,), warnings=(evil,))
    hostile = replace(
        report,
        summary=summary,
        campaigns=(replace(campaign, members=(member,), pivots=(pivot,)),),
        limits=(evil,),
    )
    reader = read(render_page(hostile, names={member.account: evil}))
    assert 3 == len(reader.scripts)
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    assert not [name for name, _ in reader.attributes if name == "src"]
    assert evil == json.loads(reader.scripts[0])[0]["timeline"]["pivots"][0][0]


def test_only_the_scripts_that_are_written_here_may_run(built: ModuleType) -> None:
    """The policy names each script by its hash and allows no network."""
    page = render_page(built.report())
    policy = policy_of(page)
    assert policy.startswith("default-src 'none'")
    for script in read(page).scripts[1:]:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "unsafe-eval" not in policy
    assert "connect-src" not in policy


def test_the_page_asks_for_no_other_file(built: ModuleType) -> None:
    """One file: no attribute points anywhere but into the page itself."""
    attributes = read(render_page(built.report())).attributes
    targets = {value for name, value in attributes if name in ("href", "src", "action")}
    assert targets
    assert set() == {t for t in targets if t and not t.startswith(("#", "data:,"))}


def test_names_are_given_back_only_where_they_are_passed(built: ModuleType) -> None:
    """A scan passes none: the page can be shown around without naming a customer."""
    report = built.report()
    account = report.campaigns[0].members[0].account
    named = render_page(report, names={account: "acct-tutor-17"})
    assert "acct-tutor-17" in words_of(named)
    assert "acct-tutor-17" not in render_page(report)


def test_a_large_report_is_cut_and_the_rest_is_counted(built: ModuleType) -> None:
    """Twenty thousand accounts do not freeze a browser; the page says what it leaves out."""
    limits = PageLimits(n_campaigns=1, n_members=10, n_cleared=1, n_dots=25, n_flows=2)
    page = render_page(built.report(n_accounts=300), limits=limits)
    words = words_of(page)
    assert "The first 1 are drawn below" in words
    assert "The first 10 of 48" in words
    assert "Drawn: 25 of 48 accounts" in words
    assert "The first 1 of 2, those on watch" in words
    assert "The first 2 of 4" in words
    assert 1 == page.count('data-chart="picture"')


def test_the_same_report_is_the_same_page(built: ModuleType) -> None:
    """No clock and no chance in it."""
    assert render_page(built.report()) == render_page(built.report())


def test_the_page_is_a_case_and_not_only_a_sum(built: ModuleType) -> None:
    """What speaks against it, what would change it, the sweep, origins, doubt, and who it may be."""
    words = words_of(render_page(built.report()))
    for said in (
        "40 accounts that are run together",
        "What speaks against it",
        "What could not be looked at",
        "The log has no tls and logprobs.",
        "What would change the verdict",
        "Were elicitation explained",
        "Grew back from n-00000000beef : 2 of payment were its own.",
        "51 accounts",
        "Stays, of 100 draws",
        "Without its strongest value",
        "the pool of March",
        "Payments: 41 of 48 show it.",
        "not counted: None show it.",
        "nobody known",
    ):
        assert said in words, said


def test_a_network_without_a_sweep_or_a_past_shows_none(built: ModuleType) -> None:
    """The twin: where nothing is known of it, no empty heading stands there."""
    bare = replace(built.network(0), sweep=(), origins=(), grew_from=())
    report = replace(built.report(), networks=(bare,), cleared=())
    words = words_of(render_page(report))
    assert "Grew back from" not in words
    assert "Accounts that stay when each must bring" not in words
