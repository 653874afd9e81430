"""`watcher service`: a systemd unit that starts the daemon, keeps it running, and lets it do nothing else."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.setup import config_option, load

if TYPE_CHECKING:
    from watcher.settings import Settings

_UNIT = """\
[Unit]
Description=watcher: news files in, alerts out
After=local-fs.target{network}
# A service that is to run for years is started again however often it ends.
StartLimitIntervalSec=0

[Service]
Type=notify
ExecStart={command}
ExecReload=/bin/kill -HUP $MAINPID
WorkingDirectory={home}
Environment=PYTHONUNBUFFERED=1 PYTHONUTF8=1
Restart=always
RestartSec=5
# 2: wrong usage, 78: configuration refused. Trying again does not help; a person has to.
RestartPreventExitStatus=2 78
WatchdogSec=120
TimeoutStartSec=infinity
TimeoutStopSec=30
# A parser process that is killed for its memory must not take the daemon with it.
OOMPolicy=continue
MemoryMax=2G
# Alerts on the screen channel are log lines too; none may be dropped.
LogRateLimitIntervalSec=0
UMask=0077
NoNewPrivileges=yes
{hardening}
[Install]
WantedBy={target}
"""

_SYSTEM_HARDENING = """\
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths={writable}
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
CapabilityBoundingSet=
AmbientCapabilities=
"""

_USER_HARDENING = """\
# What a user's own manager can enforce without privileges.
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
"""

_scope = click.option(
    "--user/--system", "is_user", default=True, help="A unit of your own (default), or of the machine."
)


@click.group()
def service() -> None:
    """Write, show or remove a systemd unit."""


@service.command()
@config_option
@_scope
def show(config: Path | None, is_user: bool) -> None:
    """Print the unit that `install` would write."""
    settings, _ = load(config)
    click.echo(unit_text(settings, is_user=is_user), nl=False)


@service.command()
@config_option
@_scope
def install(config: Path | None, is_user: bool) -> None:
    """Write the unit, after checking the configuration; overwrites an earlier one. Starts nothing."""
    settings, _ = load(config)
    path = _unit_path(is_user=is_user)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(unit_text(settings, is_user=is_user), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from error
    manager = "systemctl --user" if is_user else "systemctl"
    click.echo(f"wrote {path}")
    click.echo(f"Next: {manager} daemon-reload && {manager} enable --now watcher", err=True)
    if is_user:
        click.echo("To keep it running while you are logged out: loginctl enable-linger", err=True)


@service.command()
@_scope
def uninstall(is_user: bool) -> None:
    """Remove the unit that `install` wrote; data and configuration stay."""
    path = _unit_path(is_user=is_user)
    if not path.exists():
        raise click.ClickException(f"there is no {path}")
    path.unlink()
    manager = "systemctl --user" if is_user else "systemctl"
    click.echo(f"removed {path}")
    click.echo(f"Next: {manager} disable --now watcher; {manager} daemon-reload", err=True)


def unit_text(settings: Settings, *, is_user: bool) -> str:
    """The unit for these settings: it may write where the database and the channels' files are, and nowhere else."""
    writable = {settings.database.parent, *(channel.path.parent for channel in settings.channels if channel.path)}
    command = " ".join(map(_quoted, (sys.executable, "-m", "watcher", "run", "--config", str(settings.config_path))))
    hardening = _SYSTEM_HARDENING.format(writable=" ".join(sorted(_quoted(str(path)) for path in writable)))
    return _UNIT.format(
        network="" if is_user else " network-online.target\nWants=network-online.target",
        command=command,
        home=str(settings.config_path.parent).replace("%", "%%"),
        hardening=_USER_HARDENING if is_user else hardening,
        target="default.target" if is_user else "multi-user.target",
    )


def _quoted(word: str) -> str:
    """A word as systemd reads it back: specifiers and quotes escaped."""
    escaped = word.replace("\\", "\\\\").replace("%", "%%").replace('"', '\\"').replace("$", "$$")
    return f'"{escaped}"' if escaped != word or any(character.isspace() for character in word) else word


def _unit_path(*, is_user: bool) -> Path:
    if is_user:
        home = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
        return Path(home) / "systemd" / "user" / "watcher.service"
    return Path("/etc/systemd/system/watcher.service")
