"""What goes wrong for anybody: a throttled request, sent again by the same client."""

from __future__ import annotations

import numpy as np

from iolaus.simulate.columns import Rows

_RETRIED_SHARE = 0.010  # of exchanges; some accounts run into their limits far more than others
_ACCOUNT_SIGMA = 1.3


def add_retries(rng: np.random.Generator, rows: Rows, *, n_accounts: int) -> Rows:
    """Return the rows and, for some, the same request refused with 429 seconds earlier."""
    temper = np.exp(rng.normal(-(_ACCOUNT_SIGMA**2) / 2, _ACCOUNT_SIGMA, n_accounts))
    struck = rng.random(len(rows)) < np.minimum(0.3, _RETRIED_SHARE * temper)[rows.account]
    refused = rows.take(struck & (rows.status == 0))
    refused.status = np.full(len(refused), 429)
    refused.at = refused.at - (rng.uniform(0.4, 6.0, len(refused)) * 1e6).astype(np.int64)
    return Rows.concat([rows, refused])
