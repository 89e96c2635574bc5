"""`flask identities repair`: rows of the directory of identities that lead to nobody, found and mended."""

from collections import Counter

import click
from flask import Flask
from flask.cli import AppGroup

from app.access import audit
from app.identity import repair
from app.identity.repair import Fault, Finding
from app.kernel import clock
from app.kernel.db import atomic

identities_group = AppGroup("identities", help="What members are recognised by.")

_MEANS = {
    Fault.MERGED_OWNER: "bears a merged number; moves to whom they are now",
    Fault.OWNER_LEFT: "bears the number of somebody who has left; becomes free",
    Fault.PHONE_LOST: "the member's phone is not in the directory; is bound again",
    Fault.PHONE_OF_TWO: "the member's phone is another member's by now; decide by hand",
}


def register(flask_app: Flask) -> None:
    """Add the commands to the application."""
    flask_app.cli.add_command(identities_group)


@identities_group.command("repair")
@click.option("--apply", "in_earnest", is_flag=True, help="Mend what is found; without it nothing is changed.")
def repair_identities(in_earnest: bool) -> None:
    """Find rows of the directory of identities that an old fault left, and with --apply mend them, one by one."""
    with atomic():
        findings = list(repair.find_faults())
    mended = Counter(_mend(finding) if in_earnest else False for finding in findings)
    for finding in findings:
        click.echo(f"member {finding.member_id}: {finding.kind.value}: {_MEANS[finding.fault]}")
    click.echo(f"{len(findings)} found, {mended[True]} mended")
    if findings and not in_earnest:
        click.echo("nothing was changed; --apply mends them")


def _mend(finding: Finding) -> bool:
    now = clock.now()
    with atomic():
        done = repair.mend(finding, now=now)
        if done:
            facts = {"kind": finding.kind.value, "fault": finding.fault.value}
            subject = f"member:{finding.member_id}"
            audit.record(audit.SYSTEM, action="member.identity_mended", subject=subject, now=now, facts=facts)
    return done
