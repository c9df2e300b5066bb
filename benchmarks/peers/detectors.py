"""The peers of the whole detection: accounts and their exchanges in, a score for each account out.

    python -m benchmarks.peers.detectors NAME FOLDER

Runs in the peers' environment and imports nothing of Iolaus. FOLDER holds rows.parquet (account,
at, address, template, prompt; one row an exchange, accounts as row numbers of the other file) and
accounts.parquet. Writes FOLDER/NAME.parquet: `own` says whom the peer flags at its own setting,
every other column is a score that may be thresholded; the more, the more suspect.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.peers import mmd, records, shared
from benchmarks.peers.shared import Floats, Log

Detector = Callable[[Log], dict[str, Floats]]

DETECTORS: dict[str, Detector] = {
    "fraudar_addresses": lambda log: shared.fraudar(log, "address"),
    "fraudar_templates": lambda log: shared.fraudar(log, "template"),
    "qut_texts_600s": lambda log: shared.co_tweet(log, "prompt", window_s=600),
    "qut_templates_60s": lambda log: shared.co_tweet(log, "template", window_s=60),
    "qut_templates_600s": lambda log: shared.co_tweet(log, "template", window_s=600),
    "evilcohort": shared.evilcohort,
    "synchrotrap_addresses": lambda log: shared.synchrotrap(log, "address"),
    "synchrotrap_templates": lambda log: shared.synchrotrap(log, "template"),
    "splink": records.splink,
    "mmd_accounts": mmd.by_account,
    "mmd_networks": mmd.by_network,
}


def main() -> None:
    """Run one peer on one folder."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    log = Log(
        rows=pq.read_table(folder / "rows.parquet"),
        accounts=pq.read_table(folder / "accounts.parquet"),
    )
    scores = DETECTORS[name](log)
    own = scores.pop("own") > 0
    columns = {"own": pa.array(own)} | {k: pa.array(np.asarray(v)) for k, v in scores.items()}
    pq.write_table(pa.table(columns), folder / f"{name}.parquet")


if __name__ == "__main__":
    main()
