"""Results as files: CSV, XLSX, Parquet and Arrow, sent while they are made."""
