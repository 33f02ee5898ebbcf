"""`python -m gateway.restoration PART… --back-to N --reason … --by … --by …`: after a restore.

Parts whose databases were taken back to an older backup do not start, because they are behind the
newest checkpoint. Two people say here that this was meant: a signed text is added, which tells for
ever which parts were taken back, to which checkpoint, why and by whom. Then the parts start if they
have all that this checkpoint tells of.
"""

import argparse
import sys
from collections.abc import Sequence

from gateway.checkpoints import Checkpoints, now
from gateway.settings import Settings


def main(arguments: Sequence[str] | None = None) -> None:
    """Sign what was said and print the number and the digest of the text."""
    parser = argparse.ArgumentParser(prog="python -m gateway.restoration")
    parser.add_argument("parts", nargs="+", metavar="PART")
    parser.add_argument("--back-to", type=int, required=True, metavar="NUMBER")
    parser.add_argument("--reason", required=True)
    parser.add_argument("--by", action="append", required=True, metavar="PERSON")
    said = parser.parse_args(arguments)
    settings = Settings()
    kept = Checkpoints(settings.checkpoints_dir, settings.checkpoint_keys_dir)
    kept.ensure()
    try:
        made = kept.restore(said.parts, said.back_to, said.reason, said.by, now())
    except ValueError as error:
        parser.error(str(error))
    sys.stdout.write(f"{made.number} {made.digest}\n")


if __name__ == "__main__":
    main()
