"""Names that last: what goes on, what merges, what splits, what grows back, and what does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from iolaus.campaign import lasting
from iolaus.link.records import network_id
from iolaus.schema import Chapter, Life, Mark, Network

START = datetime(2026, 3, 1, tzinfo=UTC)


def names(*numbers: Iterable[int]) -> tuple[str, ...]:
    """Return accounts by number."""
    return tuple(f"a{n:016x}" for part in numbers for n in part)


def network(*numbers: Iterable[int], marks: tuple[Mark, ...] = ()) -> Network:
    """Return a network as linking names it: after its founders."""
    accounts = names(*numbers)
    return Network(
        id=network_id(accounts),
        accounts=accounts,
        first_seen_at=START,
        last_seen_at=START + timedelta(days=7),
        n_exchanges=100,
        prior_bits=-10.0,
        coordination_bits=9.0,
        together=True,
        words="run together",
        evidence=(),
        marks=marks,
    )


def settle(
    found: list[Network], lives: tuple[Life, ...], *, by: tuple[str, ...] = ()
) -> tuple[Network, ...]:
    """Settle; each mark is held by the last of a network's accounts, or by those in `by`."""
    holders = [
        {(m.view, m.value): frozenset(by or one.accounts[-m.n_accounts :]) for m in one.marks}
        for one in found
    ]
    return lasting.settle(found, lives, holders=holders)


def chapter(one: Network, scan: int) -> Chapter:
    """Return what a scan keeps of a network."""
    return Chapter(
        network=one.id,
        scan=scan,
        first_seen_at=one.first_seen_at,
        last_seen_at=one.last_seen_at,
        accounts=one.accounts,
        n_exchanges=one.n_exchanges,
        together=one.together,
        origins=one.origins,
        marks=one.marks,
    )


def lived(*scans: Iterable[Network]) -> tuple[Life, ...]:
    """Return the lives of networks that were found scan after scan."""
    chapters: dict[str, list[Chapter]] = {}
    for number, found in enumerate(scans):
        for one in found:
            chapters.setdefault(one.id, []).append(chapter(one, number + 1))
    return tuple(Life(network=k, chapters=tuple(v)) for k, v in sorted(chapters.items()))


def mark(value: int, *, view: str = "payment", n_outside: int = 0, n_accounts: int = 3) -> Mark:
    """Return a value that marks a network."""
    return Mark(
        view=view,
        value=f"{value:016x}",
        n_accounts=n_accounts,
        n_outside=n_outside,
        controlled=view != "template",
    )


def test_networks_that_nobody_knew_keep_their_founders_names():
    """Without a store, and for newcomers beside what is known."""
    first, other = network(range(10)), network(range(50, 60))
    assert (first, other) == settle([first, other], ())
    assert (other,) == settle([other], lived([first]))


def test_a_network_goes_on_under_its_name_while_its_heads_are_replaced():
    """Six of ten heads are still there, then six of those: the name stays, with no origin."""
    first = network(range(10))
    (second,) = settle([network(range(4, 14))], lived([first]))
    (third,) = settle([network(range(8, 18))], lived([first], [second]))
    assert first.id == second.id == third.id
    assert () == second.origins == third.grew_from


def test_two_networks_that_share_one_account_are_two():
    """A sold key is no merger; the twin of the test above."""
    first = network(range(3))
    (found,) = settle([network([2], range(20, 22))], lived([first]))
    assert found.id != first.id
    assert () == found.grew_from


def test_under_another_key_nothing_is_known_again():
    """The hashes are all others, and that is no error."""
    (found,) = settle([network(range(1000, 1010))], lived([network(range(10))]))
    assert () == found.grew_from


def test_a_merger_keeps_the_larger_name_and_tells_of_the_other():
    """Ten and six become one; whoever looks for the six is told where they are."""
    large, small = network(range(10)), network(range(20, 26))
    (found,) = settle([network(range(10), range(20, 26))], lived([small, large]))
    assert (large.id, (small.id,)) == (found.id, found.grew_from)
    (origin,) = found.origins
    assert ("merged", "6 of its 6 accounts are in this one now") == (origin.how, origin.says)


def test_of_two_equals_that_merge_the_older_name_stays():
    """The scan in which each was first seen decides, not the order of ids."""
    older, younger = network(range(10)), network(range(20, 30))
    lives = lived([older], [older, younger])
    (found,) = settle([network(range(10), range(20, 30))], lives)
    assert older.id == found.id
    swapped = lived([younger], [older, younger])
    assert younger.id == settle([network(range(10), range(20, 30))], swapped)[0].id


def test_a_split_leaves_the_name_with_the_larger_part():
    """Each other part has a name of its own and tells where it came from."""
    whole = network(range(20))
    small, large = settle([network(range(6)), network(range(6, 20))], lived([whole]))
    assert large.id == whole.id
    assert small.id != whole.id
    assert [("split", whole.id)] == [(o.how, o.network) for o in small.origins]
    assert () == large.grew_from


def test_a_part_whose_founders_were_the_network_itself_gets_another_name():
    """The first week's founders come back alone, while the name went on with the newcomers."""
    first = network(range(10))
    (grown,) = settle([network(range(40))], lived([first]))
    lives = lived([first], [grown])
    alone, rest = settle([network(range(10)), network(range(10, 40))], lives)
    assert rest.id == first.id
    assert alone.id != first.id
    assert (first.id,) == alone.grew_from


def test_parts_that_come_together_again_say_so_once():
    """Split, merged, and the same log again: no origin is told twice."""
    whole = network(range(20))
    parts = settle([network(range(6)), network(range(6, 20))], lived([whole]))
    lives = lived([whole], parts)
    (again,) = settle([network(range(20))], lives)
    assert again.id == whole.id
    assert [("merged", parts[0].id)] == [(o.how, o.network) for o in again.origins]
    assert (again,) == settle([network(range(20))], lived([whole], parts, [again]))


def test_settling_the_same_again_changes_nothing():
    """Whatever the first run said of names and origins, the second says too, in any order."""
    before = lived([network(range(10)), network(range(20, 26)), network(range(40, 60))])
    found = [
        network(range(10), range(20, 26)),
        network(range(40, 46)),
        network(range(46, 60)),
        network(range(90, 99)),
    ]
    once = settle(found, before)
    after = tuple(
        Life(network=one.id, chapters=(*earlier, chapter(one, 2)))
        for one in once
        for earlier in [next((x.chapters for x in before if x.network == one.id), ())]
    )
    gone = tuple(x for x in before if x.network not in {one.id for one in once})
    assert once == settle(found, after + gone)
    assert sorted(n.id for n in once) == sorted(n.id for n in settle(found[::-1], before))


# Regrowth


def test_new_accounts_on_the_old_card_have_regrown():
    """All heads are new, half of them pay with what an earlier network paid with."""
    old = network(range(10), marks=(mark(1), mark(2)))
    new = network(range(30, 40), marks=(mark(2, n_accounts=5), mark(3)))
    (found,) = settle([new], lived([old]))
    assert [("regrown", old.id)] == [(o.how, o.network) for o in found.origins]
    assert "1 of payment" in found.origins[0].says
    assert found.id == new.id


def test_the_recipe_alone_is_anybodys():
    """A scaffold can be copied: two networks with one rare template are not one hand."""
    old = network(range(10), marks=(mark(7, view="template"),))
    new = network(range(30, 40), marks=(mark(7, view="template"),))
    assert () == settle([new], lived([old]))[0].origins


def test_few_accounts_on_old_cards_need_the_recipe_too():
    """Couples share cards, and half of a couple may be new; two of them who use the scaffold speak."""
    recipe = mark(7, view="template")
    old = network(range(10), marks=(mark(1), recipe))
    couple = network(range(30, 40), marks=(mark(1, n_accounts=4),))
    assert () == settle([couple], lived([old]))[0].origins
    both = replace(couple, marks=(mark(1, n_accounts=2), recipe))
    assert (old.id,) == settle([both], lived([old]))[0].grew_from
    one = replace(couple, marks=(mark(1, n_accounts=1), recipe))
    assert () == settle([one], lived([old]))[0].origins


def test_accounts_that_are_still_there_bring_no_network_back():
    """Strangers of one public tool, some of them the same as last week, with their own cards."""
    old = network(range(20), marks=tuple(mark(i, n_accounts=1) for i in range(20)))
    cards = tuple(mark(i, n_accounts=1) for i in range(4))
    new = network(range(4), range(50, 66), marks=cards)
    assert () == settle([new], lived([old]), by=names(range(4)))[0].origins
    grown = settle([new], lived([old]), by=names(range(50, 59)))[0]
    assert [("regrown", old.id)] == [(o.how, o.network) for o in grown.origins]
    assert "9 new accounts hold what was its own: 4 of payment" in grown.origins[0].says


def test_a_card_that_many_outsiders_use_marks_nobody():
    """A reseller's account that strangers pay through is no sign of a return; nor was it before."""
    for then, now in ((0, 90), (90, 0)):
        old = network(range(10), marks=(mark(1, n_outside=then),))
        new = network(range(30, 40), marks=(mark(1, n_outside=now, n_accounts=9),))
        assert () == settle([new], lived([old]))[0].origins


def test_a_person_who_comes_back_is_no_network_grown_back():
    """One who was closed by mistake and opens again brings a card, and no network: nothing to name."""
    old = network(range(3), marks=(mark(1, n_accounts=1),))
    assert () == settle([], lived([old]))
