"""The innocent who resemble the dishonest: organisations and their fleets."""

from __future__ import annotations

from iolaus.simulate import places
from iolaus.simulate.habits import domain_of, organization_names, sample_accounts, sample_clients
from iolaus.simulate.people import languages_of, rhythm_of
from iolaus.simulate.rhythm import volumes
from iolaus.simulate.tokens import tokens
from iolaus.simulate.world import World, alive


def add_enterprise(
    world: World, *, name: str, seats: int, declared: bool = True, vetted: bool = True
) -> None:
    """Add a firm whose seats share payer, egress and mail domain, and each do their own work."""
    rng = world.rng
    accounts = sample_accounts(
        rng, seats, window=world.window, group="enterprise", operator=name, pathway="enterprise",
        country=str(rng.choice(places.COUNTRIES, p=places.SHARES)),
    )  # fmt: skip
    firm = str(organization_names(rng, 1)[0])
    accounts.organization[:] = firm if declared else None
    accounts.email_domain[:] = domain_of(firm)
    accounts.vetted[:] = 1 if vetted else 0
    accounts.payment[:] = tokens(rng, 1, prefix="pay_", n_bytes=6)[0]
    egress = places.home_addresses(rng, rng.integers(0, 1, 3))
    accounts.homes[:, 0] = egress[rng.integers(0, 3, seats)]
    numbers = world.add_accounts(accounts)
    clients = world.add_clients(sample_clients(rng, seats))
    times = rhythm_of(
        world, accounts, counts=volumes(rng, seats, mean=4.0 * world.window.days), flat=0.06
    )
    script = world.library.people(languages_of(accounts))
    flow = world.add_flow(name, script)
    rows = world.rows_of(times, script, accounts=numbers, clients=clients, flow=flow)
    world.add_rows(rows.take(alive(rows, accounts, numbers[0])))
