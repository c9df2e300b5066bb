"""Who may be behind it: rare traits weigh, common and copied ones hardly, and nobody is always there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from iolaus.arrow import ACCOUNTS, FINGERPRINT
from iolaus.campaign.attribution import (
    COPYABLE_BITS,
    Shown,
    attributions_of,
    earlier_campaigns,
)
from iolaus.campaign.population import population_of
from iolaus.contracts import Actor
from iolaus.engines.duckdb import DuckDB
from iolaus.schema import Chapter, Life, Mark, Network

START = datetime(2026, 3, 2, tzinfo=UTC)
N_ACCOUNTS, N_MEMBERS = 400, 20
CARD, FRONT, DOMAIN, CLIENT = 11, 22, 33, 44


def filled(schema: pa.Schema, n: int, **columns: object) -> pa.Table:
    """Return a table with some columns given and the others null."""
    return pa.table(
        [
            pa.array(columns[field.name], field.type)
            if field.name in columns
            else pa.nulls(n, field.type)
            for field in schema
        ],
        schema=schema,
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Return 400 accounts, the first twenty of which are a campaign with a card and a name of its own."""
    dice = np.random.default_rng(3)
    account = np.repeat(np.arange(N_ACCOUNTS), 10)
    inside = account < N_MEMBERS
    hour = np.where(inside, dice.integers(1, 10, len(account)), dice.integers(0, 24, len(account)))
    day = dice.integers(0, 7, len(account))
    rows = filled(
        FINGERPRINT,
        len(account),
        id=np.arange(len(account)),
        at=[START + timedelta(days=int(d), hours=int(h)) for d, h in zip(day, hour, strict=True)],
        account=account,
        asn=np.where(inside, 64501, 3200 + account % 7),
        country=["sg" if a < N_MEMBERS else "US" if a % 20 else "SG" for a in account],
        client=np.where(inside, CLIENT, account % 5),
        script=np.where(inside, 3, 1),
    )
    everyone = np.arange(N_ACCOUNTS)
    head = everyone < N_MEMBERS
    accounts = filled(
        ACCOUNTS,
        N_ACCOUNTS,
        account=everyone,
        account_hash=everyone,
        n_exchanges=np.full(N_ACCOUNTS, 10),
        payment=np.where(head, CARD, 1000 + everyone),
        organization=np.where(head, FRONT, 2000 + everyone),
        email_domain=np.where(head, DOMAIN, 3000 + everyone % 9),
    )
    engine = DuckDB(tmp_path_factory.mktemp("stages"))
    engine.put("fingerprints", rows)
    engine.put("accounts", accounts)
    yield SimpleNamespace(engine=engine, rows=rows.filter(pa.array(inside)), accounts=accounts)
    engine.close()


NETWORK = Network(
    id="n-00000000000a",
    accounts=tuple(f"a{i:016x}" for i in range(N_MEMBERS)),
    first_seen_at=START,
    last_seen_at=START + timedelta(days=7),
    n_exchanges=200,
    prior_bits=-4.0,
    coordination_bits=20.0,
    together=True,
    words="run together",
    evidence=(),
)


def held_against(world, *actors: Actor, network: Network = NETWORK, earlier=()):
    """Return the hypotheses by name."""
    found = attributions_of(
        SimpleNamespace(id="c-00000000000a"),
        network,
        shown=Shown(
            rows=world.rows,
            carriers=world.accounts.slice(0, N_MEMBERS),
            members=np.arange(N_MEMBERS),
        ),
        actors=actors,
        population=population_of(world.engine, actors, n_accounts=N_ACCOUNTS),
        earlier=earlier,
    )
    assert [one.bits for one in found] == sorted((one.bits for one in found), reverse=True)
    return {one.actor: one for one in found}


def test_without_a_catalogue_nobody_is_known(world):
    """One hypothesis, at 0 bits, with what a person may go by and not a bit more."""
    found = held_against(world)
    assert list(found) == ["nobody known"]
    said = " | ".join(i.says for i in found["nobody known"].indicators)
    assert all(i.bits == 0 and not i.counted for i in found["nobody known"].indicators)
    assert "100% fall into 01:00 to 10:00 UTC, a working day at UTC+8" in said
    assert "sg 100% (everybody" in said and "AS64501 100%" in said
    assert "prompts are written in cjk 100%" in said
    assert "1 organisations by 20 of 20 accounts" in said


def test_a_card_that_nobody_else_holds_names_the_actor(world):
    """One hand must hold it: from a prior of one in ten it is likelier than anybody unknown."""
    found = held_against(world, Actor(name="Pool", values=(("payments", CARD),)))
    actor = found["Pool"]
    assert actor.bits > 3
    assert actor.bits == pytest.approx(actor.prior_bits + sum(i.bits for i in actor.indicators))
    assert "20 of its 20 accounts show it, 0 of 380 others do" in actor.indicators[0].says
    assert "nobody known" in found


def test_whoever_is_framed_by_what_can_be_copied_is_never_sure(world):
    """Its name, mail, networks, client, script and hours, all copied: bounded, and said so."""
    copied = Actor(
        name="Rival",
        values=(
            ("organizations", FRONT),
            ("email_domains", DOMAIN),
            ("asns", 64501),
            ("agents", CLIENT),
            ("scripts", 3),
        ),
        hours=(1, 10),
    )
    rival = held_against(world, copied)["Rival"]
    assert rival.bits == pytest.approx(rival.prior_bits + COPYABLE_BITS)
    assert rival.bits < 3
    assert "could not be copied to frame somebody" in rival.says
    assert "counts +6.0 at most" in rival.says


def test_what_many_others_show_says_little_and_what_is_not_shown_speaks_against(world):
    """A country that one outsider in twenty is from, and a card of somebody else."""
    found = held_against(
        world,
        Actor(name="Country", values=(("countries", "SG"),)),
        Actor(name="Other", values=(("payments", 1399), ("countries", "SG"))),
    )
    assert 0 < found["Country"].indicators[0].bits <= 2
    assert found["Country"].bits < 0
    other = {i.kind: i for i in found["Other"].indicators}
    assert other["payments"].bits == -1.0
    assert "none of its 20 accounts" in other["payments"].says
    assert found["Other"].bits < found["Country"].bits


def test_whoever_shows_nothing_is_not_listed(world):
    """A catalogue of strangers leaves nobody known, and says how many were held against it."""
    found = held_against(world, Actor(name="Other", values=(("payments", 1399),)))
    assert list(found) == ["nobody known"]
    assert "1 actor of the catalogue were held against it, and none is likelier" in (
        found["nobody known"].says
    )


def test_what_the_log_lacks_speaks_for_nobody(world):
    """No device is in the account table: neither for nor against."""
    actor = Actor(name="Pool", values=(("payments", CARD), ("devices", 5)))
    assert [i.kind for i in held_against(world, actor)["Pool"].indicators] == ["payments"]


def test_of_one_family_the_best_counts(world):
    """Network and country say one thing twice."""
    actor = Actor(name="Place", values=(("asns", 64501), ("countries", "SG")))
    by_kind = {i.kind: i for i in held_against(world, actor)["Place"].indicators}
    assert (by_kind["AS numbers"].counted, by_kind["countries"].counted) == (True, False)


def test_hours_of_the_other_half_of_the_world_speak_against(world):
    """Awake by its own day, and not by another's; two bits at most either way."""
    awake = Actor(name="Day", values=(("payments", CARD),), hours=(1, 10))
    asleep = Actor(name="Night", values=(("payments", CARD),), hours=(12, 21))
    found = held_against(world, awake, asleep)
    day, night = ({i.kind: i.bits for i in found[n].indicators} for n in ("Day", "Night"))
    assert 0 < day["working hours"] <= 2
    assert -2 <= night["working hours"] < 0


def test_a_record_that_the_catalogue_names_is_known_again(world):
    """The network's own id, or one that it grew from; another id is another actor."""
    grown = replace(NETWORK, grew_from=("n-0000000000ff",))
    own = Actor(name="Own", records=("n-00000000000a",))
    before = Actor(name="Before", records=("n-0000000000ff",))
    other = Actor(name="Other", records=("n-0000000000ee",), values=(("payments", CARD),))
    found = held_against(world, own, before, other, network=grown)
    assert found["Own"].bits > found["Before"].bits > 0
    assert "which this continues" in found["Own"].indicators[0].says
    assert min(i.bits for i in found["Other"].indicators) == -1.0


# Earlier campaigns


def marked(*values: int, n_outside: int = 0, view: str = "payment") -> tuple[Mark, ...]:
    """Return marks."""
    return tuple(
        Mark(
            view=view,
            value=f"{v:016x}",
            n_accounts=5,
            n_outside=n_outside,
            controlled=view == "payment",
        )
        for v in values
    )


def test_cards_of_an_earlier_campaign_point_to_whoever_ran_it(world):
    """A hypothesis without a name; the recipe alone is no such pointer."""
    network = replace(NETWORK, marks=(*marked(1, 2), *marked(7, view="template")))
    found = held_against(world, network=network, earlier=[("c-old", marked(2, 3))])
    assert found["whoever ran c-old"].bits > 0
    copied = held_against(world, network=network, earlier=[("c-old", marked(7, view="template"))])
    assert copied["whoever ran c-old"].bits < 1
    assert "could not be copied" in copied["whoever ran c-old"].says
    assert list(held_against(world, network=network, earlier=[("c-old", marked(9))])) == [
        "nobody known"
    ]


def test_a_log_that_is_scanned_again_is_not_its_own_earlier_campaign():
    """A life that this scan shows again is told once; one that it does not show stands beside it."""
    old = replace(NETWORK, id="n-0000000000aa", marks=marked(4))
    lives = tuple(
        Life(
            network=one.id,
            chapters=(
                Chapter(
                    network=one.id,
                    scan=1,
                    first_seen_at=START,
                    last_seen_at=START,
                    accounts=one.accounts,
                    n_exchanges=1,
                    together=True,
                    campaign=f"c{one.id[1:]}",
                    marks=one.marks,
                ),
            ),
        )
        for one in (NETWORK, old)
    )
    campaign = SimpleNamespace(id="c-now", network=NETWORK.id)
    found = earlier_campaigns([NETWORK], [campaign], lives)
    assert found == {
        NETWORK.id: ("c-now", ()),
        old.id: ("c-0000000000aa", marked(4)),
    }
    assert earlier_campaigns([NETWORK], [campaign], lives[:1]) == {NETWORK.id: ("c-now", ())}
