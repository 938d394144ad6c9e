"""The real PostgreSQL of the shelf's tests."""

from __future__ import annotations

from tests.jobs.conftest import postgres, with_tables

__all__ = ["postgres", "with_tables"]
