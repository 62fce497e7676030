"""Programs that keep packages, versions, services and containers: their words by what they do."""

from __future__ import annotations

#: Package managers: their words that install or take away, and those that only tell.
INSTALLERS: dict[str, tuple[str, str, str]] = {
    "apt": (
        "install upgrade dist-upgrade full-upgrade update",
        "remove purge autoremove clean autoclean",
        "list search show policy",
    ),
    "apt-get": ("install upgrade dist-upgrade update build-dep", "remove purge autoremove clean", "changelog"),
    "aptitude": ("install upgrade update", "remove purge", "search show"),
    "dnf": ("install upgrade update", "remove erase autoremove", "list search info repolist check-update"),
    "yum": ("install upgrade update", "remove erase autoremove", "list search info repolist check-update"),
    "zypper": ("install in update up", "remove rm", "search se info"),
    "pacman": ("-S -Sy -Syu -U", "-R -Rs -Rns", "-Q -Qi -Ql -Ss -Si"),
    "apk": ("add upgrade update", "del", "info list search"),
    "snap": ("install refresh", "remove", "list find info"),
    "flatpak": ("install update", "uninstall remove", "list search info"),
    "brew": (
        "install upgrade update tap reinstall",
        "uninstall remove untap cleanup autoremove",
        "list search info outdated doctor deps",
    ),
    "port": ("install upgrade", "uninstall", "installed search info"),
    "pip": ("install download wheel", "uninstall purge", "list show freeze search check"),
    "pipx": ("install upgrade inject", "uninstall", "list"),
    "uv": (
        "add sync lock venv install upgrade",
        "remove uninstall clean prune",
        "tree version list show freeze check dir",
    ),
    "conda": ("install create update", "remove uninstall clean", "list search info"),
    "mamba": ("install create update", "remove uninstall", "list search info"),
    "poetry": ("add install update lock", "remove", "show check"),
    "npm": ("install i ci add update link", "uninstall remove rm prune clean", "list ls view info outdated search"),
    "yarn": ("add install upgrade", "remove clean", "list info why"),
    "pnpm": ("add install update", "remove prune", "list why"),
    "gem": ("install update", "uninstall", "list search info"),
    "cargo": ("install add", "uninstall", "search tree metadata"),
    "go": ("install get", "clean", "version env list doc vet"),
    "dpkg": ("-i --install", "-r -P --remove --purge", "-l -L -s -S --list"),
    "rpm": ("-i -U -ivh -Uvh", "-e", "-q -qa -qi -ql"),
    "winget": ("install upgrade", "uninstall", "list search show"),
    "choco": ("install upgrade", "uninstall", "list search info"),
}


#: git's words by what they do; what is in none is not known.
GIT = {
    "reads": "status log diff show blame describe shortlog reflog ls-files ls-tree cat-file rev-parse rev-list "
    "grep whatchanged count-objects name-rev merge-base check-ignore var version help for-each-ref show-ref cherry",
    "creates": "add commit init stash tag branch switch worktree notes revert cherry-pick merge apply am mv",
    "fetches": "fetch clone pull",
    "sends": "push send-email request-pull svn",
    "destroys": "reset clean checkout restore rebase rm gc prune filter-branch update-ref reflog-expire",
}


SYSTEMCTL = {
    "reads": "status list-units list-unit-files list-timers is-active is-enabled is-failed show cat list-dependencies",
    "changes": "start restart reload try-restart reset-failed",
    "startup": "enable disable mask unmask preset daemon-reload edit link set-default revert",
    "ends": "stop poweroff reboot halt suspend hibernate kill rescue isolate emergency",
}


DOCKER = {
    "reads": "ps images logs inspect stats top version info port diff history events search",
    "changes": "pull build tag start restart pause unpause create rename commit",
    "ends": "stop kill",
    "destroys": "rm rmi prune",
    "sends": "push login",
}

INSTALLERS |= {"pip3": INSTALLERS["pip"]}
