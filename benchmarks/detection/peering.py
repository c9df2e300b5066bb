"""A simulated world and what we found in it -> what every peer finds on the same log.

Peers run as processes in an environment of their own, which no Iolaus is in, under a limit of
time. They are given our templates as objects, which is more than they would have by themselves.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks import record
from iolaus.evaluate.bounds import Rate
from iolaus.evaluate.matching import codes_of, distinct
from iolaus.evaluate.peers import PEERS, Floats, best_threshold
from iolaus.evaluate.scenario import KEY, truth_beside
from iolaus.evaluate.wronged import innocents_of
from iolaus.ingest.fingerprinting import fingerprint_logs
from iolaus.ingest.reader import open_logs
from iolaus.ingest.rejects import Rejects

PYTHON = record.ROOT / "benchmarks" / "detection" / ".venv" / "bin" / "python"
LIMIT_S = 240.0
NAMES = (
    "fraudar_addresses",
    "fraudar_templates",
    "qut_texts_600s",
    "qut_templates_60s",
    "qut_templates_600s",
    "splink",
    "evilcohort",
    "synchrotrap_addresses",
    "synchrotrap_templates",
    "mmd_accounts",
    "mmd_networks",
)
"""Those of benchmarks/peers/detectors.py; the simplest are our own iolaus.evaluate.peers."""

OURS = "iolaus"


def peers_on(world: Path, result: Path, *, limit_s: float = LIMIT_S) -> dict[str, Any]:
    """
    Return for each peer, and for us: precision and recall, at its own setting and the best one.

    `best` is the threshold, over all of the peer's scores, that the truth would pick; for us it
    is only ever a stricter one than ours.
    """
    accounts = pq.read_table(result / "accounts.parquet")
    truth = pq.read_table(truth_beside(world) / "accounts.parquet")
    bench = _Bench(accounts, truth)
    found = {OURS: bench.measured({"bits": _our_bits(accounts)}, own=bench.named, seconds=None)}
    found |= _simple(world, bench)
    with tempfile.TemporaryDirectory() as folder:
        write_input(world, accounts, Path(folder))
        for name in NAMES:
            found[name] = _asked(name, Path(folder), bench, limit_s=limit_s)
    return found


class _Bench:
    """Everybody in the log, in one order, and what the truth says of them."""

    def __init__(self, accounts: pa.Table, truth: pa.Table) -> None:
        self.names = accounts["account"].combine_chunks()
        guilty = distinct(truth.filter(pc.is_valid(truth["campaign"]))["account"])
        self.is_guilty = np.asarray(pc.is_in(self.names, value_set=guilty), dtype=np.bool_)
        self.n_guilty = len(guilty)
        self.named = np.asarray(pc.is_valid(accounts["campaign"]), dtype=np.bool_)
        self._truth = truth

    def measured(
        self, scores: dict[str, Floats], *, own: Any, seconds: float | None
    ) -> dict[str, Any]:
        """Hold what a peer says of accounts against the truth."""
        hits, n = int((own & self.is_guilty).sum()), int(own.sum())
        best = [self._best(score) for score in scores.values()]
        known = [
            (p >= 0.99, r if p >= 0.99 else p, r, p)
            for p, r in best
            if p is not None and r is not None
        ]
        _, _, recall, precision = max(known, default=(None, None, None, None))
        return {
            "status": "finished",
            "seconds": seconds,
            "precision": hits / n if n else None,
            "recall": hits / self.n_guilty if self.n_guilty else None,
            "best_precision": precision,
            "best_recall": recall,
            "n_flagged": n,
            "innocents_flagged": self.wronged(own),
        }

    def _best(self, score: Floats) -> tuple[float | None, float | None]:
        """Try every threshold above 0: of a score of 0 a peer has nothing to say."""
        told = score > 0
        return best_threshold(score[told], is_guilty=self.is_guilty[told], n_guilty=self.n_guilty)

    def wronged(self, own: Any) -> dict[str, int]:
        """Return how many instances of each kind of innocent have an account flagged."""
        flagged = pa.table(
            {
                "account": self.names,
                "campaign": pa.array(
                    ["flagged" if one else None for one in own.tolist()], pa.string()
                ),
            }
        )
        held = innocents_of(flagged, self._truth)
        groups = {one.group: one.instances.n for one in held.by_group() if one.instances.n}
        ordinary: Rate = held.ordinary()
        return groups | ({"ordinary": ordinary.n} if ordinary.n else {})


def write_input(world: Path, accounts: pa.Table, folder: Path) -> None:
    """Write rows.parquet and accounts.parquet, as benchmarks/peers/detectors.py reads them."""
    names = accounts["account"].combine_chunks()
    log = pq.read_table(
        world / "log", columns=["id", "at", "account", "address", "agent", "tls", "prompt"]
    )
    templates = _templates(world)
    row = pc.index_in(log["id"], value_set=templates["id"].combine_chunks()).combine_chunks()
    client = pc.binary_join_element_wise(
        pc.fill_null(log["agent"], ""), pc.fill_null(log["tls"], ""), "|"
    )
    rows = pa.table(
        {
            "account": codes_of(log["account"], names),
            "at": pc.divide(log["at"].cast(pa.int64()).cast(pa.float64()), 1e6),
            "address": log["address"],
            "template": templates["template"].combine_chunks().take(row),
            "prompt": log["prompt"],
        }
    )
    pq.write_table(rows, folder / "rows.parquet")
    pq.write_table(_about(world, accounts, client, rows["account"]), folder / "accounts.parquet")


def _about(world: Path, accounts: pa.Table, client: Any, account: pa.ChunkedArray) -> pa.Table:
    """Return one row an account: what the operator's table says, its usual client, our network."""
    names = accounts["account"].combine_chunks()
    table = pq.read_table(world / "account_table.parquet")
    row = pc.index_in(names, value_set=table["account"].combine_chunks())
    columns = {
        name: table[name].combine_chunks().take(row)
        for name in ("payment", "device", "phone", "email_domain", "country")
    }
    counts = pa.table({"account": account, "client": client}).group_by(["account", "client"])
    pairs = counts.aggregate([([], "count_all")]).sort_by(
        [("account", "ascending"), ("count_all", "descending"), ("client", "ascending")]
    )
    first = np.unique(pairs["account"].to_numpy(), return_index=True)[1]
    columns["client"] = pairs["client"].combine_chunks().take(pa.array(first))
    return pa.table(columns | {"network": accounts["network"]})


def _templates(world: Path) -> pa.Table:
    """Return id and template of every exchange that has one, as our fingerprints say."""
    with tempfile.TemporaryDirectory() as folder, Rejects() as rejects:
        logs = open_logs([world / "log"], key=KEY, rejects=rejects)
        fingerprint_logs(
            logs, key=KEY, rejects=rejects, folder=Path(folder), progress=lambda *_: None
        )
        prints = pq.read_table(Path(folder) / "fingerprints.parquet", columns=["id", "template"])
        ids = pq.read_table(Path(folder) / "ids.parquet")
    row = pc.index_in(prints["id"], value_set=ids["hash"].combine_chunks()).combine_chunks()
    return pa.table(
        {
            "id": ids["id"].combine_chunks().take(row),
            "template": prints["template"].cast(pa.string()),
        }
    )


def _our_bits(accounts: pa.Table) -> Floats:
    """Return the odds of harvesting of whom we name; nobody else can be reached by a threshold."""
    odds = np.exp2(np.asarray(pc.fill_null(accounts["extraction_bits"], 0.0), dtype=np.float64))
    named = np.asarray(pc.is_valid(accounts["campaign"]), dtype=np.bool_)
    return np.where(named, odds, 0.0)


def _simple(world: Path, bench: _Bench) -> dict[str, Any]:
    log = pq.read_table(world / "log", columns=["account", "address"])
    table = pq.read_table(world / "account_table.parquet")
    found = {}
    for peer in PEERS:
        began = time.process_time()
        scores = peer.score(log, table, bench.names)
        seconds = time.process_time() - began
        found[peer.name.replace(" ", "_")] = bench.measured(
            {"score": scores}, own=scores >= peer.limit, seconds=seconds
        )
    return found


def _asked(name: str, folder: Path, bench: _Bench, *, limit_s: float) -> dict[str, Any]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
    environment |= {
        "PYTHONPATH": str(record.ROOT),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    began = time.monotonic()
    try:
        subprocess.run(
            [PYTHON, "-m", "benchmarks.peers.detectors", name, folder],
            check=True, cwd=record.ROOT, env=environment, capture_output=True, text=True, timeout=limit_s,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"status": f"did not finish in {limit_s:.0f} s"}
    except subprocess.CalledProcessError as error:
        return {"status": "failed: " + (error.stderr.strip().splitlines() or ["no words"])[-1]}
    told = pq.read_table(folder / f"{name}.parquet")
    own = np.asarray(told["own"], dtype=np.bool_)
    scores = {
        column: told[column].to_numpy().astype(np.float64)
        for column in told.column_names
        if column != "own"
    }
    return bench.measured(scores, own=own, seconds=time.monotonic() - began)
