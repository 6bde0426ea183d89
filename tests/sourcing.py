"""An environment in which scripts of the host's side can be sourced, though nothing exists."""

from __future__ import annotations

from bulk import TOP

from pkgmkgen import settings

SCRIPTS = TOP / "sandbox-scripts"
VALUES = {"SCRIPTS": str(SCRIPTS), "LAUNCH": "ssh", "BOOTSTRAP_KIT": "/nonexistent/kit"}
ENVIRONMENT = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "BULK_MAKEFILE": "/nonexistent/bulk.mk",
    **settings.declarations(),
    **{
        row.export: value
        for row in settings.table(VALUES)
        if row.export and (value := settings.expanded(VALUES)[row.name])
    },
}
