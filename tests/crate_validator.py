"""Validate an RO-Crate against the requirements of its specification, without the network.

usage: crate_validator.py CRATE SCRATCH

The validator would fetch the JSON-LD context of the crate's version.  The
library that writes the crate brings that document along; here it is put where
the validator keeps what it has fetched.  The last line that is printed is a
list of what is missing, as JSON.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

from requests import Request, Response
from requests_cache import CachedSession
from rocrate.vocabs import RO_CRATE
from rocrate_validator import models, services
from urllib3 import HTTPResponse


def keep_context(kept: Path) -> None:
    """Keep the context as if it had been fetched."""
    address, body = RO_CRATE["@id"], json.dumps(RO_CRATE).encode()
    answer = Response()
    answer.status_code, answer.url, answer._content = 200, address, body
    answer.headers["Content-Type"] = "application/ld+json"
    answer.request = Request("GET", address).prepare()
    answer.raw = HTTPResponse(io.BytesIO(body), headers=dict(answer.headers), preload_content=False)
    with CachedSession(str(kept), backend="sqlite", expire_after=-1) as session:
        session.cache.save_response(answer)


def main(crate: Path, scratch: Path) -> None:
    """Print what the crate lacks."""
    kept = scratch / "fetched"
    keep_context(kept)
    settings = services.ValidationSettings(
        rocrate_uri=str(crate),
        profile_identifier=f"ro-crate-{RO_CRATE['@id'].split('/')[-2]}",
        requirement_severity=models.Severity.REQUIRED,
        offline=True,
        cache_path=kept,
    )
    issues = services.validate(settings).get_issues()
    print(json.dumps([f"{issue.check.identifier}: {issue.message}" for issue in issues]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
