"""A Report -> the files a person and a program read: JSON, Parquet, one HTML page."""
