"""Vuoro: reverse mentoring programmes, designed from the junior's side first."""

__version__ = "0.1.0"
