"""Networks and their traffic, through a real engine, to campaigns, the cleared, and the tables."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from iolaus.arrow import ACCOUNT_RESULT, EXCHANGE_RESULT, RELEASES
from iolaus.campaign.explanation import explain
from iolaus.campaign.finding import find_campaigns
from iolaus.campaign.results import account_rows, exchange_hashes, exchange_rows, n_attributed
from iolaus.config import Settings
from iolaus.engines.duckdb import DuckDB
from iolaus.pipeline import claim_settings
from iolaus.schema import CAPABILITIES, Evidence, Explanation

N_ACCOUNTS, MEMBERS = 112, range(12)
IDLE = 11
"""A member that sends nothing of the recipe."""


class Loud:
    """A signal that always gives ten bits."""

    claim = "extraction"

    def weigh(self, pool, background):
        """Return them."""
        return Evidence(
            signal="loud", version=1, claim="extraction", family="text", bits=10.0, says="it asks"
        )


LOUD = (Loud(),)


class Quiet:
    """A signal without an opinion."""

    claim = "extraction"

    def weigh(self, pool, background):
        """Return none."""


class Firm:
    """An innocent cause that explains it by six bits."""

    def explain(self, pool, background):
        """Return it."""
        return Explanation(name="organisation", gap_bits=6.0, says="a vetted firm's own accounts")


@pytest.fixture(scope="module")
def said(talk):
    """Return what is sent: a recipe by eleven of twelve members, and talk of a hundred others."""
    made = talk(seed=3)
    made.use(7, [m for m in MEMBERS if m != IDLE], 25)
    made.chat(MEMBERS, 10)
    made.chat(range(12, N_ACCOUNTS), 20)
    return made


@pytest.fixture(scope="module")
def fingerprints_table(said):
    """Return the fingerprints, the recipe's scored as reasoning."""
    scores = np.zeros((len(said.account), len(CAPABILITIES)), dtype=np.int8)
    scores[:, CAPABILITIES.index("general_chat")] = 20
    scores[said.is_own, CAPABILITIES.index("reasoning")] = 90
    return said.table(capabilities=list(scores), model=["m"] * len(said.account))


@pytest.fixture(scope="module")
def accounts_table(accounts, said):
    """Return the accounts, with how much each sent."""
    n = np.bincount(said.account, minlength=N_ACCOUNTS)
    return accounts(N_ACCOUNTS, n_exchanges=n)


@pytest.fixture
def find(tmp_path, fingerprints_table, accounts_table, network, standing):
    """Return a function that judges networks of the members."""
    with DuckDB(tmp_path / "stages", threads=1) as engine:
        engine.put("fingerprints", fingerprints_table)

        def made(*, signals=LOUD, innocents=(), together=True, accounts=(MEMBERS,)):
            return find_campaigns(
                engine,
                [(network(list(a), together=together), standing(list(a))) for a in accounts],
                accounts=accounts_table,
                releases=RELEASES.empty_table(),
                signals=signals,
                innocents=innocents,
                settings=claim_settings(Settings()),
                has_text=True,
                progress=lambda _stage, _done, _total: None,
            )

        yield made


def test_network_that_harvests_is_a_campaign(find, said):
    """Its accounts are those that carry the flow; the idle one is a member and no more."""
    (one,) = find()
    campaign = one.campaign
    assert one.cleared is None
    assert campaign.accounts == tuple(f"a{m:016x}" for m in MEMBERS if m != IDLE)
    assert {m.role for m in campaign.members if m.account in campaign.accounts} == {"extractor"}
    (idle,) = (m for m in campaign.members if m.account not in campaign.accounts)
    assert (idle.role, idle.n_exchanges, idle.campaign_share) == ("member", 0, 0.0)
    assert campaign.n_exchanges == pytest.approx(said.is_own.sum(), rel=0.03)
    assert campaign.n_exchanges == sum(m.n_exchanges for m in campaign.members)


def test_counts_of_a_campaign_agree(find):
    """Flows, targets, phases and the timeline each count every exchange once."""
    campaign = find()[0].campaign
    for parts in (campaign.flows, campaign.targets, campaign.phases, campaign.timeline):
        assert sum(part.n_exchanges for part in parts) == campaign.n_exchanges
    assert [t.capability for t in campaign.targets] == ["reasoning"]
    assert campaign.bystander_share == pytest.approx(1 - campaign.n_exchanges / (11 * 35 + 10))
    assert [a.actor for a in campaign.attributions] == ["nobody known"]


def test_steps_add_up_to_the_claim(find):
    """The counted steps of each claim sum to the bits that the campaign states."""

    class Excuse:
        """An innocent cause that explains a little."""

        def explain(self, pool, background):
            """Return its gap."""
            return Explanation(name="excuse", gap_bits=1.5, says="perhaps a class")

    campaign = find(innocents=[Excuse()])[0].campaign
    extraction = [s for s in explain(campaign) if s.claim == "extraction" and s.counted]
    assert sum(step.bits for step in extraction) == pytest.approx(campaign.extraction_bits)
    assert extraction[-1].bits == -1.5
    assert "innocent cause" in extraction[-1].says
    plain = find()[0].campaign
    assert not [step for step in explain(plain) if "innocent cause" in step.says]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"together": False}, "not shown to be together"),
        ({"signals": [Quiet()]}, "does not harvest"),
        ({"innocents": [Firm()]}, "organisation"),
        ({"accounts": (range(20, 32),)}, "no flow of its own"),
    ],
    ids=["only a recipe", "no harvest", "a firm", "customers"],
)
def test_innocent_network_is_cleared_with_a_reason(find, changes, reason):
    """The same traffic without one of the two claims, or better explained: no campaign."""
    (one,) = find(**changes)
    assert one.campaign is None
    assert one.cleared.reason == reason
    assert one.cleared.says
    assert n_attributed([one]) == 0


def test_every_account_of_the_log_is_in_the_table_once(find):
    """In the log's own names and order; only carriers have a campaign."""
    found = find()
    names = pa.array([f"customer {i}" for i in range(N_ACCOUNTS)])
    table = account_rows(found, channel=pa.array(["first_party"] * N_ACCOUNTS), account=names)
    assert table.schema == ACCOUNT_RESULT
    assert table["account"].to_pylist() == names.to_pylist()
    roles = table["role"].to_pylist()
    assert roles == ["extractor"] * 11 + ["member"] + ["none"] * 100
    assert [i for i, c in enumerate(table["campaign"].to_pylist()) if c is not None] == [*range(11)]
    networks = table["network"].to_pylist()
    assert networks[:12] == [found[0].network.id] * 12 and set(networks[12:]) == {None}
    assert table["coordination_bits"].null_count == 100
    assert table["extraction_bits"].null_count == 101


def test_cleared_network_names_no_account_in_a_campaign(find):
    """Its accounts are members and carry nothing."""
    found = find(signals=[Quiet()])
    table = account_rows(
        found,
        channel=pa.array(["first_party"] * N_ACCOUNTS),
        account=pa.array([str(i) for i in range(N_ACCOUNTS)]),
    )
    assert table["campaign"].null_count == N_ACCOUNTS
    assert table["role"].to_pylist()[:13] == ["member"] * 12 + ["none"]
    assert exchange_hashes(found).num_rows == 0


def test_exchanges_get_their_own_names_back(find, fingerprints_table):
    """Every attributed exchange once, in the log's order, by the id that the log gave it."""
    found = find()
    hashes = exchange_hashes(found)
    assert hashes.num_rows == found[0].campaign.n_exchanges == n_attributed(found)
    known = set(hashes["hash"].to_pylist())
    ours = [h for h in fingerprints_table["id"].to_pylist() if h in known]
    batches = [
        pa.record_batch(
            {"hash": ours[at : at + 100], "id": [f"id {h}" for h in ours[at : at + 100]]}
        )
        for at in range(0, len(ours), 100)
    ]
    table = exchange_rows(hashes, batches)
    assert table.schema == EXCHANGE_RESULT
    assert table["id"].to_pylist() == [f"id {h}" for h in ours]
    assert set(table["campaign"].to_pylist()) == {found[0].campaign.id}
    assert exchange_rows(hashes, []).num_rows == 0


def test_members_are_no_background_of_their_own_network(find):
    """A network is held against everybody else: each judged alone gives what both together give."""
    both = find(accounts=(MEMBERS, range(20, 32)))
    alone = find()
    assert both[0].campaign == alone[0].campaign
    assert both[1].cleared is not None
