"""`python3 deploy/make_secrets.py`: draw every secret of docker-compose.yml into deploy/secrets/.

What is there already stays. The folder may be entered by its owner only. The files in it are
readable, because an engine that mounts one file into a container keeps its mode, and the
accounts in the containers are not the owner's.
"""

import secrets
import sys
from pathlib import Path

NAMES = ("gateway", "indicators", "scoring", "survey", "ranking")
FOLDER = Path(__file__).parent / "secrets"


def contents() -> dict[str, str]:
    """Return a fresh secret for each file, by its name."""
    drawn = {
        "postgres_password": secrets.token_urlsafe(24),
        "administrator_secret": secrets.token_urlsafe(24),
        "duty_secret": secrets.token_urlsafe(24),
    }
    for name in NAMES:
        for role in (name, f"{name}_owner"):
            password = secrets.token_urlsafe(24)
            url = f"postgresql+asyncpg://{role}:{password}@postgres:5432/{name}"
            drawn[f"{role}_database_url"] = url
    return drawn


def main(folder: Path) -> None:
    """Write the files that are not there yet."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    for name, content in contents().items():
        file = folder / name
        if not file.exists():
            file.write_text(content, encoding="utf-8")
            file.chmod(0o444)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
