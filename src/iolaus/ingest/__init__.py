"""A log, in whatever format it comes -> Exchanges, and identities -> keyed hashes.

    limits            every number of this package
    lines             a file -> blocks of whole lines, over-long ones dropped while streaming
    instants, casting their values -> our types, leniently
    columns           whose column is which of ours: by name, by alias, by [ingest.map]
    jsonl, parquet, delimited    a file -> batches of exchanges and their places
    canonical, mapped, litellm   the sources
    sniffing, reader  files and folders -> one LogSet that can be read again and again
    admission         what is not admitted: no id, no time, no account, said twice, out of time
    pseudonyms        identities -> keyed hashes; identities.py gives them back
    explanation       what was understood and what the missing columns cost

Nothing is imported here, so that `import iolaus.ingest` stays light.
"""
