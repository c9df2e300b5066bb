"""Accounts and exits -> ties between an account that was closed and the next one to open."""

from __future__ import annotations

from iolaus.schema import Claim, Scope

WINDOW_S = 172_800
MOST_SHARE = 0.01
MOST_HOLDERS = 32
CHANCE = 0.5
REFUSED = "(401, 403)"

_EVENTS = f"""log as (
    select epoch(min(first_at)) as begun_s, epoch(max(last_at)) as ended_s,
           count(*) as n
    from accounts
), traits as (
    select distinct account, network as value
    from fingerprints where network is not null
), uncommon as (
    select value from traits group by value
    having count(*) between 2
           and greatest({MOST_HOLDERS}, {MOST_SHARE} * (select n from log))
), events as (
    select account, epoch(closed_at) as moment_s, 0 as opens
    from accounts where closed_at is not null
    union all
    select distinct accounts.account, epoch(last_at), 0
    from fingerprints join accounts
      on accounts.account = fingerprints.account and fingerprints."at" = last_at
    where status in {REFUSED} and closed_at is null
    union all
    select account, epoch(opened_at), 1 from accounts, log
    where epoch(opened_at) > begun_s
    union all
    select account, epoch(first_at), 1 from accounts, log
    where opened_at is null and epoch(first_at) > begun_s + {WINDOW_S}
)"""
"""Closures and openings, and the uncommon exits behind which they are put in order."""

_PAIRS = f"""ordered as (
    select events.account, moment_s, opens,
           lag(events.account) over near as before,
           lag(opens) over near as before_opens,
           moment_s - lag(moment_s) over near as gap_s,
           sum(opens) over (partition by traits.value) as n_opened,
           sum(1 - opens) over (partition by traits.value) as n_closed
    from events join traits on traits.account = events.account
    where traits.value in (select value from uncommon)
    window near as (
        partition by traits.value order by moment_s, opens, events.account
    )
), pairs as (
    select before, account, count(*) as n, max(moment_s - gap_s) as left_s,
           max(moment_s) as came_s
    from ordered, log
    where opens = 1 and before_opens = 0 and before <> account
      and gap_s <= {WINDOW_S}
      and n_opened * n_closed * gap_s <= {CHANCE} * (ended_s - begun_s)
    group by before, account
), strangers as (
    select pairs.* from pairs
    join accounts as one on one.account = pairs.before
    join accounts as other on other.account = pairs.account
    where not coalesce(one.payment = other.payment, false)
      and not coalesce(one.device = other.device, false)
      and not coalesce(one.phone = other.phone, false)
)"""
"""Neighbours in that order that chance does not explain."""


class Succession:
    """
    An account opened soon after another was closed, behind the same uncommon exits.

    Looks at: among those who use one address prefix, each closure that is followed within 48
        hours by an opening, with nobody of them closed or opened between. At most 1 % of all
        accounts (or 32) may use the prefix, and chance may make at most half a pair as close
        of its closures and openings. Without a closure date, an account whose last exchange
        was refused (401 or 403) ends there; without an opening date, one that first appears
        two days into the log or later begins there. Pairs with the same card, device or phone
        are left out: of them other views speak, and a person who comes back is no surprise.
    Means: somebody replaces heads that are cut off.
    Fooled by: fresh exits for each new account; replacements opened in advance, or weeks later.
    Innocent look-alikes: a person re-registered after a wrongful closure (left out when the
        card came along; else one couple), staff who come and go in one office, a reseller that
        replaces its own heads. Mass sign-ups pair at most once a closure.
    Source: "a cut head is replaced", design/detection.md; docs/decisions/0010 has the pairs
        counted: with a recipe or a client for the common trait most were strangers.
    """

    name = "succession"
    version = 1
    summary = "opened soon after another was closed, behind the same exits"
    family = "life cycle"
    claim: Claim = "coordination"
    scope: Scope = "tie"
    controlled = True
    ceiling_bits = 4.0  # the shared exits speak for themselves as a place; here only the hour does

    def ties(self) -> str:
        """
        Return two rows a pair, its predecessor with phase -1 and its successor with +1.

        A pair's value is its own, held by these two accounts only. Closures and openings are
        put in one order a value and neighbours are read off, so the work is linear in what is
        held, save for sorting.
        """
        return f"""
            with {_EVENTS}, {_PAIRS}
            select before as account, cast(before as bigint) * 4294967296 + account as value, n,
                   to_timestamp(left_s) as first_at, to_timestamp(left_s) as last_at,
                   cast(-1 as tinyint) as phase
            from strangers
            union all
            select account, cast(before as bigint) * 4294967296 + account as value, n,
                   to_timestamp(came_s) as first_at, to_timestamp(came_s) as last_at,
                   cast(1 as tinyint) as phase
            from strangers
        """
