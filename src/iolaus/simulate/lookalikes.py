"""More innocents, each built to be taken for one attack: analysts, judges, labellers, a small country."""

from __future__ import annotations

import numpy as np

from iolaus.simulate import places
from iolaus.simulate.columns import DAY_US, HOUR_US, Array
from iolaus.simulate.fleets import (
    add_fleet,
    any_country,
    burst,
    one_payment,
    share_egress,
    share_organization,
    share_software,
)
from iolaus.simulate.grammars import tongues
from iolaus.simulate.grammars.personas import persona
from iolaus.simulate.grammars.spin import Dice
from iolaus.simulate.habits import sample_accounts, sample_clients, share_habits
from iolaus.simulate.people import hours_of, languages_of
from iolaus.simulate.relay import build_pool, route
from iolaus.simulate.rhythm import volumes
from iolaus.simulate.scripts import ChatScript, dice_seed
from iolaus.simulate.traffic import bulk_rows, stranger_rows
from iolaus.simulate.world import World

BULK = ("translation", "support", "judge", "moderation", "labelling", "product")
SMALL_COUNTRIES = ("PL", "TR", "ID", "EG", "AE", "KR")


def add_bulk_reseller(
    world: World, *, name: str, slots: int, n_exchanges: int, bulk_share: float = 0.6
) -> None:
    """Add a clean reseller most of whose customers send bulk: a book, a help desk, papers to judge."""
    rng = world.rng
    pool = build_pool(
        rng, world.window, name=name, n_slots=slots, life_days=25.0, group="bulk_reseller"
    )
    first = int(world.add_accounts(pool.accounts)[0])
    parts = stranger_rows(
        world, name=name, n_exchanges=int(n_exchanges * (1 - bulk_share)), users=pool.names_users
    )
    for purpose in BULK:
        n = max(5, int(n_exchanges * bulk_share / len(BULK) * rng.uniform(0.4, 1.6)))
        parts.append(
            bulk_rows(world, name=name, purpose=purpose, n_exchanges=n, users=pool.names_users)
        )
    for part in parts:
        # A batch does not stick to one slot: the reseller spreads its load.
        sticky = part.conversation if part.client[0] == part.client[-1] else part.client * 1009
        world.add_rows(route(rng, pool, rows=part, sticky=sticky, first=first))


def add_analysts(world: World, *, name: str, keys: int, declared: bool = True) -> None:
    """Add a firm with one internal analysis template on many keys, a key for each of its desks."""
    rng = world.rng
    accounts = sample_accounts(
        rng, keys, window=world.window, group="analysts", operator=name, pathway="enterprise",
        country=any_country(rng),
    )  # fmt: skip
    share_organization(rng, accounts, declared=declared, vetted=bool(rng.random() < 0.5))
    share_egress(rng, accounts, n_addresses=int(rng.integers(1, 4)), share=0.9)
    share_software(rng, accounts, share=0.8)
    clients = sample_clients(rng, keys)
    share_habits(rng, clients, share=0.9)
    clients.end_user[:] = 1
    capability = str(rng.choice(np.array(("data_analysis", "reasoning", "coding"), dtype=object)))
    add_fleet(
        world, accounts, clients=clients, name=name, script=world.library.harvest(capability),
        daily=7.0, flat=0.04, session=4.0, gap_s=300.0, sigma=0.9,
    )  # fmt: skip


def add_judging_class(world: World, *, name: str, students: int) -> None:
    """Add a course whose assignment is to run one judge harness over one list, on one evening."""
    rng = world.rng
    accounts = sample_accounts(
        rng, students, window=world.window, group="judging_class", operator=name,
        pathway="education", country=any_country(rng),
    )  # fmt: skip
    campus = f"uni-{rng.integers(100, 999)}.edu.example"
    accounts.email_domain = np.where(rng.random(students) < 0.8, campus, accounts.email_domain)
    accounts.pathway = np.where(rng.random(students) < 0.8, "education", "api").astype(object)
    share_egress(rng, accounts, n_addresses=2, share=0.6)
    share_software(rng, accounts, share=0.85)
    clients = sample_clients(rng, students)
    share_habits(rng, clients, share=0.85)
    day = int(rng.integers(1, max(2, int(world.window.days))))
    evening = world.window.start_us + day * DAY_US + (17.0 - hours_of(accounts)[0]) % 24 * HOUR_US
    counts = rng.poisson(25.0, students) + 5
    times = burst(world, students, counts=counts, start_us=evening, hours=5.0, gap_s=12.0)
    add_fleet(
        world, accounts, clients=clients, name=name, times=times,
        script=world.library.work("judge", pool=40),
    )  # fmt: skip


def add_benchmark_day(world: World, *, name: str, people: int) -> None:
    """Add strangers who run one public harness over one public list as soon as the new model is out."""
    rng = world.rng
    accounts = sample_accounts(
        rng, people, window=world.window, group="benchmark_day", operator=name, pathway="api"
    )
    share_software(rng, accounts, share=0.9)
    clients = sample_clients(rng, people)
    share_habits(rng, clients, share=0.9)
    clients.adopt_after[:] = 1
    clients.adopt_share[:] = 0.95
    purpose = "judge" if rng.random() < 0.5 else "benchmark"
    times = burst(
        world, people, counts=np.minimum(160, volumes(rng, people, mean=60.0, sigma=0.6)),
        start_us=world.release_us + HOUR_US, hours=12.0, gap_s=5.0,
    )  # fmt: skip
    add_fleet(
        world, accounts, clients=clients, name=name, times=times,
        script=world.library.work(purpose, pool=150),
    )  # fmt: skip


def add_labellers(world: World, *, name: str, people: int) -> None:
    """
    Add an undeclared labelling shop: freelancers on two cards and one queue, from a rented exit.

    An item that one of them leaves open goes on in another's account, as in a relay.
    """
    rng = world.rng
    accounts = sample_accounts(
        rng, people, window=world.window, group="labellers", operator=name, pathway="api",
        country=any_country(rng),
    )  # fmt: skip
    cards = np.array([one_payment(rng), one_payment(rng)], dtype=object)
    accounts.payment = cards[rng.integers(0, 2, people)]
    accounts.homes[:, 0] = places.host_addresses(rng, 2)[rng.integers(0, 2, people)]
    clients = sample_clients(rng, people)
    share_habits(rng, clients, share=0.7)
    numbers = add_fleet(
        world, accounts, clients=clients, name=name, script=world.library.work("labelling"),
        daily=12.0, flat=0.05, session=12.0, gap_s=45.0, sigma=0.5,
    )  # fmt: skip
    queue = bulk_rows(
        world, name=name, purpose="moderation", n_exchanges=max(12, people * 12), users=True
    )
    queue.account = numbers[rng.integers(0, people, len(queue))]
    world.add_rows(queue)


def add_small_country(world: World, *, name: str, people: int) -> None:
    """Add people of one small country who use its own chat app, mostly from its phones."""
    rng = world.rng
    country = SMALL_COUNTRIES[int(rng.integers(0, len(SMALL_COUNTRIES)))]
    accounts = sample_accounts(
        rng, people, window=world.window, group="small_country", operator=name, pathway="consumer",
        country=country,
    )  # fmt: skip
    where = np.full(people, places.INDEX[country])
    accounts.homes[:, 0] = np.where(
        rng.random(people) < 0.7, places.mobile_addresses(rng, where), accounts.homes[:, 0]
    )
    share_software(rng, accounts, share=0.9)
    clients = sample_clients(rng, people)
    share_habits(rng, clients, share=0.9)
    add_fleet(
        world, accounts, clients=clients, name=name, daily=2.5, sigma=1.5,
        script=LocalApp(rng, languages_of(accounts)),
    )  # fmt: skip


def add_characters(world: World, *, name: str, people: int) -> None:
    """Add users of a chat app in which everybody talks with characters of his own making."""
    rng = world.rng
    accounts = sample_accounts(
        rng, people, window=world.window, group="characters", operator=name, pathway="consumer"
    )
    share_software(rng, accounts, share=0.9)
    clients = sample_clients(rng, people)
    share_habits(rng, clients, share=0.9)
    add_fleet(
        world, accounts, clients=clients, name=name, daily=4.0, sigma=1.2, session=9.0,
        script=Characters(languages_of(accounts)),
    )  # fmt: skip


class Characters(ChatScript):
    """People who type to a character; its persona stands before every conversation of theirs."""

    def write(
        self, rng: np.random.Generator, *, author: Array, conversation: Array, turn: Array
    ) -> tuple[Array, Array]:
        """Return prompt and system text for each exchange."""
        prompts, _ = super().write(rng, author=author, conversation=conversation, turn=turn)
        numbers, which = np.unique(conversation, return_inverse=True)
        made = [persona(Dice(dice_seed(rng))) for _ in numbers]
        lead = "Stay in character. The character was written by a member of the community.\n\n"
        return prompts, np.array([lead + one for one in made], dtype=object)[which]


class LocalApp(ChatScript):
    """People who type into an app that puts its own words, in their language, before theirs."""

    def __init__(self, rng: np.random.Generator, languages: Array) -> None:
        """Draw the app's words in the language of its first user."""
        super().__init__(languages)
        dice = Dice(dice_seed(rng))
        self._words = " ".join(tongues.message(dice, str(languages[0])) for _ in range(3))

    def write(
        self, rng: np.random.Generator, *, author: Array, conversation: Array, turn: Array
    ) -> tuple[Array, Array]:
        """Return prompt and system text for each exchange."""
        prompts, _ = super().write(rng, author=author, conversation=conversation, turn=turn)
        return prompts, np.full(len(turn), self._words, dtype=object)
