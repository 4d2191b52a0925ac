"""Thin Prefect flows over the pipeline; the only package that imports prefect."""
