"""The command line: `python -m dashboard VERB`."""

import click

from dashboard import ops
from dashboard.settings import BadSetting
from dashboard.verbs import (
    asking,
    calling,
    growing,
    keeping,
    loading,
    packing,
    people,
    reporting,
    screening,
    sending,
    serving,
    working,
)
from data.commands import Refused
from data.installing import Unusable
from data.keeping import NotDone
from data.spreading import NotSpread
from data.trouble import trouble

EXPECTED = (BadSetting, NotDone, NotSpread, Refused, Unusable)


class Verbs(click.Group):
    """The verbs; whatever goes wrong in one is told in one line."""

    def invoke(self, context: click.Context) -> object:
        """Run the verb; what it refuses is exit 1, wrong usage is exit 2."""
        try:
            return super().invoke(context)
        except EXPECTED as refused:
            raise click.ClickException(str(refused)) from None
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if context.params["debug"]:
                raise
            if found := trouble(error):
                raise click.ClickException(found.says) from None
            raise click.ClickException(
                f"Something unforeseen went wrong ({type(error).__name__}). "
                "Say --debug before the verb to see where."
            ) from None


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show where an unforeseen error came from.")
@click.version_option(ops.number(), prog_name="Aftercare")
def cli(debug: bool) -> None:
    """Aftercare: after-sales management for car dealerships (售后回访管理看板)."""


SUBJECTS = (
    *(serving, keeping, loading, asking, people),
    *(screening, calling, reporting, sending, working, growing, packing),
)
for subject in SUBJECTS:
    for verb in subject.VERBS:
        cli.add_command(verb)

if __name__ == "__main__":
    cli(prog_name="python -m dashboard")
