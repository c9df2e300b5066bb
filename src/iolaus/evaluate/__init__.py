"""Results and the truth -> how right the results are."""
