"""Other hydras than relays: a device farm, and pools that pose as somebody else.

They are built on other instruments, other dispatchers and another rhythm than campaigns.py,
so that a detector which learnt one construction is judged on a second.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from iolaus.simulate import places
from iolaus.simulate.columns import DAY_US, HOUR_US, Accounts, Array, Rows
from iolaus.simulate.fleets import share_organization
from iolaus.simulate.habits import domain_of, organization_names, sample_accounts
from iolaus.simulate.relay import Pool, batches, build_pool, route
from iolaus.simulate.scripts import Script
from iolaus.simulate.tokens import tokens
from iolaus.simulate.traffic import job_rows, stranger_rows
from iolaus.simulate.world import World, alive


def add_farm(
    world: World,
    *,
    name: str,
    n_accounts: int,
    n_exchanges: int,
    capabilities: Sequence[str] = ("math", "tool_use"),
    turns: float = 3.0,
    repeats: float = 0.0,
    scripts: Sequence[Script] = (),
) -> None:
    """
    Add a device farm: accounts enrolled on emulators and rented phones, worked off by quota.

    Every card is its own, mail goes to a few domains of the farm's, exits are hosted. The
    dispatcher fills one account's daily quota and goes on in the next, in the middle of
    conversations. A share `repeats` of the exchanges repeats an earlier one as a decoy;
    `scripts` are asked instead of a fresh recipe for each capability.
    """
    accounts = _enrolled(world, n_accounts, name=name)
    first = int(world.add_accounts(accounts)[0])
    campaign = world.add_campaign(name)
    asked = scripts or [world.library.harvest(c, turns=turns) for c in capabilities]
    parts = [
        job_rows(
            world, campaign=campaign, name=name, script=script, pivots=False,
            n_exchanges=n_exchanges // len(asked), workers=max(2, n_accounts // 5),
        )
        for script in asked
    ]  # fmt: skip
    rows = Rows.concat(parts)
    if repeats > 0:
        rows = _with_decoys(world, rows, share=repeats)
    rows.account = _by_quota(world, rows, n_accounts=n_accounts) + first
    world.add_rows(rows.take(alive(rows, accounts, first=first)))


def _enrolled(world: World, n: int, *, name: str) -> Accounts:
    """Draw accounts that a farm enrolled: emulators of 4 to 9, phones of 2 to 4, exits of 2 to 5."""
    rng = world.rng
    accounts = sample_accounts(
        rng, n, window=world.window, group="farm", operator=name,
        pathway_shares=(0.5, 0.4, 0.02, 0.02, 0.04, 0.01, 0.01),
    )  # fmt: skip
    _open_in_shifts(world, accounts)
    emulators = tokens(rng, n, prefix="dev_", n_bytes=6)[batches(rng, n, low=4, high=9)]
    accounts.device = np.where(rng.random(n) < 0.75, emulators, accounts.device)
    phones = tokens(rng, n, prefix="ph_", n_bytes=5)[batches(rng, n, low=2, high=4)]
    accounts.phone = np.where(rng.random(n) < 0.6, phones[rng.permutation(n)], accounts.phone)
    domains = [domain_of(str(o)) for o in organization_names(rng, max(2, n // 15))]
    own_mail = np.array(domains, dtype=object)[rng.integers(0, len(domains), n)]
    accounts.email_domain = np.where(rng.random(n) < 0.5, own_mail, accounts.email_domain)
    exits = places.host_addresses(rng, n)[batches(rng, n, low=2, high=5)]
    accounts.homes[:, 0] = exits[rng.permutation(n)]
    accounts.lease_hours[:] = 0.0
    return accounts


def _open_in_shifts(world: World, accounts: Accounts) -> None:
    """Let six in ten accounts open in shifts of 5 to 20, each within eight hours of some night."""
    rng, n = world.rng, len(accounts)
    shift = batches(rng, n, low=5, high=20)
    night = world.window.start_us - (rng.exponential(150.0, n) * DAY_US).astype(np.int64)
    moment = night[shift] + (rng.random(n) * 8 * HOUR_US).astype(np.int64)
    accounts.opened_at = np.where(rng.random(n) < 0.6, moment, accounts.opened_at)


def _by_quota(world: World, rows: Rows, *, n_accounts: int) -> Array:
    """Return which account takes each exchange: one after the other, each to its day's quota."""
    rng = world.rng
    order = np.argsort(rows.at, kind="stable")
    day = (rows.at[order] - world.window.start_us) // DAY_US
    taken = np.empty(len(rows), dtype=np.int64)
    for d in np.unique(day):
        here = order[day == d]
        # Two dispatchers at once, so that no account owns an hour alone.
        quota = max(2, round(2 * len(here) / n_accounts))
        begin = rng.integers(0, n_accounts, 2)
        lane = rows.conversation[here] % 2
        for which in (0, 1):
            mine = here[lane == which]
            taken[mine] = (begin[which] + np.arange(len(mine)) // quota) % n_accounts
    return taken


def _with_decoys(world: World, rows: Rows, *, share: float) -> Rows:
    """Return the rows, a share of which asks again what an earlier one asked."""
    rng = world.rng
    again = np.flatnonzero(rng.random(len(rows)) < share)
    # A small set is repeated often, as a support desk's questions are.
    source = rng.choice(len(rows), max(1, len(again) // 6), replace=False)
    picked = source[(rng.random(len(again)) ** 2 * len(source)).astype(np.int64)]
    rows.prompt[again], rows.system[again] = rows.prompt[picked], rows.system[picked]
    return rows


def add_shared_relay(
    world: World,
    *,
    tenants: Sequence[tuple[str, Sequence[str]]],
    n_slots: int,
    n_exchanges: int,
    mix_share: float,
) -> None:
    """Add one relay with several harvesters among its customers; the first one's name is its own."""
    rng = world.rng
    name = tenants[0][0]
    pool = build_pool(rng, world.window, name=name, n_slots=n_slots, life_days=20.0)
    first = int(world.add_accounts(pool.accounts)[0])
    for tenant, capabilities in tenants:
        campaign = world.add_campaign(tenant)
        for capability in capabilities:
            rows = job_rows(
                world, campaign=campaign, name=tenant, users=pool.names_users,
                script=world.library.harvest(capability, variants=2, turns=1.5),
                n_exchanges=n_exchanges // len(capabilities), workers=max(2, n_slots // 4),
            )  # fmt: skip
            world.add_rows(route(rng, pool, rows=rows, sticky=rows.conversation, first=first))
    _add_customers(world, pool, name=name, n=n_exchanges, mix_share=mix_share, first=first)


def add_two_relays(
    world: World,
    *,
    name: str,
    n_slots: tuple[int, int],
    n_exchanges: int,
    mix_share: float,
    channels: tuple[str, str] = ("first_party", "aws.bedrock"),
) -> None:
    """Add one harvest that goes over two relays, which know nothing of each other, on two channels."""
    rng = world.rng
    campaign = world.add_campaign(name)
    scripts = [world.library.harvest(c, variants=2, turns=1.5) for c in ("reasoning", "coding")]
    for number, (slots, channel) in enumerate(zip(n_slots, channels, strict=True)):
        pool = build_pool(
            rng, world.window, name=name, n_slots=slots, life_days=float(rng.uniform(8, 25))
        )
        pool.accounts.channel[:] = channel
        first = int(world.add_accounts(pool.accounts)[0])
        for script in scripts:
            rows = job_rows(
                world, campaign=campaign, name=name, script=script, users=pool.names_users,
                n_exchanges=n_exchanges // 2 // len(scripts), workers=max(2, slots // 4),
            )  # fmt: skip
            world.add_rows(route(rng, pool, rows=rows, sticky=rows.conversation, first=first))
        label = f"{name}/relay-{number + 1}"
        _add_customers(
            world, pool, name=label, n=n_exchanges // 2, mix_share=mix_share, first=first
        )


def add_front_firm(
    world: World, *, name: str, n_slots: int, n_exchanges: int, mix_share: float
) -> None:
    """Add a relay that declares itself one firm: one name and mail domain for all, many cards."""
    rng = world.rng
    pool = build_pool(rng, world.window, name=name, n_slots=n_slots, life_days=40.0)
    share_organization(rng, pool.accounts, declared=True, vetted=False, one_payer=False)
    pool.accounts.pathway[:] = "enterprise"
    first = int(world.add_accounts(pool.accounts)[0])
    campaign = world.add_campaign(name)
    for capability in ("coding", "data_analysis"):
        rows = job_rows(
            world, campaign=campaign, name=name, users=pool.names_users,
            script=world.library.harvest(capability, variants=2, turns=1.4),
            n_exchanges=n_exchanges // 2, workers=max(2, n_slots // 3),
        )  # fmt: skip
        world.add_rows(route(rng, pool, rows=rows, sticky=rows.conversation, first=first))
    _add_customers(world, pool, name=name, n=n_exchanges, mix_share=mix_share, first=first)


def _add_customers(
    world: World, pool: Pool, *, name: str, n: int, mix_share: float, first: int
) -> None:
    """Add a pool's customers, who are a share `mix_share` beside `n` exchanges of harvest."""
    strangers = int(n * mix_share / (1 - mix_share))
    if strangers < 5:
        return
    for part in stranger_rows(world, name=name, n_exchanges=strangers, users=pool.names_users):
        sticky = part.client * 1009 + part.at // (30 * HOUR_US)
        world.add_rows(route(world.rng, pool, rows=part, sticky=sticky, first=first))
