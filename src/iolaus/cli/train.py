"""`iolaus train`: a folder of prompt families -> weights, a card and reference flows."""

from __future__ import annotations

from pathlib import Path


def train(
    *,
    prompts: Path,
    out: Path | None = None,
    seed: int = 1,
    weight: float = 0.0,
    baseline: bool = True,
) -> None:
    """
    Train the content classifier on prompts of your own.

    Writes content.npz (the weights), card.json (how it does on lineages it never saw) and
    flows.json (what groups of innocent prompts score) to OUT. No text is written. Needs the
    extra: pip install 'iolaus[train]'. Takes some minutes for 30,000 prompts.

    ```
    iolaus train --prompts families/
    iolaus train --prompts families/ --out weights/ --no-baseline
    ```

    Parameters
    ----------
    prompts
        Folder of Parquet files with the columns text, system, family, side (distill, benign,
        lookalike), capability, labels and template_id.
    out
        Folder to write; ./iolaus-weights where none is named.
    seed
        Which prompts are composed, which rows of large families and which flows are drawn.
    weight
        What your families weigh beside the composed prompts, for asks and extraction. 0 measures
        and calibrates on them only; 0.03 knows them again, and strangers a little less.
    baseline
        Also measure simpler means on the same split, for the card.
    """
    from iolaus.fingerprint.weighing import train_weights

    folder = out or Path("iolaus-weights")
    figures = train_weights(prompts, out=folder, seed=seed, baseline=baseline, weight=weight)
    print(f"{folder}: weights, card and reference flows")
    for name, held in figures["outputs"].items():
        print(
            f"{name:28} AUC {held['auc_family_balanced']:.2f} by family, {held['auc']:.2f} by row; "
            f"recall {held['recall_at_1pct_fpr']:.0%} at 1 % false positives "
            f"(held out: {held['split']})"
        )
