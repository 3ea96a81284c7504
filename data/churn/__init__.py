"""Those who stay away: the cases to look at, and how they end by themselves."""

from data.churn.settling import settle

__all__ = ["settle"]
