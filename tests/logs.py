"""What must never stand in a log: people's names and numbers, and what nobody may know."""

from pathlib import Path

from sqlalchemy import create_engine, make_url, select

from data.models import Customer, Employee, RepairOrder, Vehicle

PERSONAL = (
    Customer.name,
    Customer.phone,
    Customer.second_phone,
    Employee.name,
    RepairOrder.brought_by,
    RepairOrder.brought_by_phone,
    Vehicle.plate,
    Vehicle.vin,
)
SHORTEST = 2  # one letter says nothing of anybody


def personal(log: Path, url: str, *secrets: str) -> list[str]:
    """Which of these stand in the log: anything personal in the database at `url`, the secrets."""
    text = log.read_text(encoding="utf-8", errors="replace")
    return sorted(word for word in {*_words(url), *secrets} if word in text)


def _words(url: str) -> set[str]:
    address = make_url(url)
    driver = "postgresql+psycopg" if address.drivername.startswith("postgres") else "sqlite"
    engine = create_engine(address.set(drivername=driver))
    with engine.connect() as connection:
        found = {
            str(word)
            for column in PERSONAL
            for word in connection.scalars(select(column.expression).distinct())
            if word and len(str(word)) >= SHORTEST
        }
    engine.dispose()
    return found
