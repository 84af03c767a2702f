from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from appliance.operations import supervisor
from appliance.operations.database_keeper import DatabaseKeeper
from appliance.operations.processes import all_processes
from appliance.operations.set_up import make_demo_people, prepare, upload_samples
from appliance.sealing.errors import SealingError

START_SECONDS = 60.0


class Command(BaseCommand):
    help = "Prepare the box and run all of its processes until Ctrl+C is pressed; one that dies is started again."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with supervisor.only_one(settings.RUN_DIR):
                self._run()
        except supervisor.AlreadyRunning:
            self.stdout.write(f"Strongroom runs already: {self._url()}  (make stop ends it)")
        except SealingError as error:
            raise CommandError(str(error)) from error
        except supervisor.PortTaken as error:
            raise CommandError(f"{error} Set STRONGROOM_PORT to a free port.") from error

    def _run(self) -> None:
        configuration = settings.CONFIGURATION
        supervisor.stop_leftovers(settings.RUN_DIR)
        supervisor.check_address(configuration.host, configuration.port)
        prepare(self._say)
        self._welcome_people()
        connections.close_all()
        processes = all_processes(
            address=f"{configuration.host}:{configuration.port}",
            web_threads=configuration.web_threads,
            run_dir=settings.RUN_DIR,
        )
        database = DatabaseKeeper(settings.EMBEDDED_POSTGRES)
        supervisor.supervise(processes, directory=settings.BASE_DIR, ready=self._announce, also=database.look)
        self._say("stopped")

    def _welcome_people(self) -> None:
        """The passwords are printed before anything else can go wrong: they are shown only once."""
        people = make_demo_people()
        if not people:
            return
        self._say("people: one for each role; their passwords are shown only now and kept nowhere in clear:")
        for person in people:
            self._say(f"    {person.role:<8} log in as {person.username:<8} password {person.password}")
        upload_samples(self._say, uploader=people[0].username)

    def _announce(self) -> None:
        trouble = supervisor.wait_until_answering(f"{self._url()}accounts/login/", seconds=START_SECONDS)
        if trouble:
            self._say(f"{trouble}; the lines above may say why")
            return
        lines = ["", f"Strongroom is ready: {self._url()}"]
        lines.append("  Log in with a name and password shown at the first start; an administrator can set new ones.")
        lines += ["  Stop with Ctrl+C or, from another terminal, make stop.", ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()

    def _url(self) -> str:
        host = settings.CONFIGURATION.host
        shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104  compared, not bound
        return f"http://{shown}:{settings.CONFIGURATION.port}/"

    def _say(self, line: str) -> None:
        self.stdout.write(f"  {line}")
        self.stdout.flush()
