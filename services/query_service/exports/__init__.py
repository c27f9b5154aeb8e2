"""Results as files: CSV, XLSX, Parquet and Arrow, streamed."""
