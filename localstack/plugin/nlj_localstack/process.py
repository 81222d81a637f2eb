"""One function process on the host: its start, its output, its end."""

import contextlib
import ctypes
import os
import queue
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future


class FunctionProcess:
    """A child that dies with LocalStack; its output is collected until taken."""

    def __init__(
        self,
        command: list[str],
        environment: dict[str, str],
        directory: str,
        on_exit: Callable[["FunctionProcess", int], None],
        on_output: Callable[[bytes], None],
    ) -> None:
        self._on_exit = on_exit
        self._on_output = on_output
        self._output = bytearray()
        self._lock = threading.Lock()
        self._child = _spawner.spawn(command, environment, directory)
        self._pipe = self._child.stdout
        os.set_blocking(self._pipe.fileno(), False)
        threading.Thread(target=self._watch, daemon=True, name=f"nlj-function-{self.pid}").start()

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def running(self) -> bool:
        return self._child.poll() is None

    def kill(self) -> None:
        """Kills the process with its descendants and waits for its end."""
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        self._child.wait()

    def peak_memory_mb(self) -> int:
        """The largest resident size so far; 0 where the system does not say."""
        try:
            with open(f"/proc/{self.pid}/status", encoding="ascii", errors="replace") as status:
                kilobytes = next(line.split()[1] for line in status if line.startswith("VmHWM"))
        except (OSError, StopIteration):
            return 0
        return int(kilobytes) // 1024

    def take_output(self) -> str:
        """What was written since the last call, to the last byte."""
        self._read_available()
        with self._lock:
            text = self._output.decode(errors="replace")
            self._output.clear()
        return text if not text or text.endswith("\n") else f"{text}\n"

    def _watch(self) -> None:
        while self.running:
            if select.select([self._pipe], [], [], 0.2)[0] and not self._read_available():
                break  # closed: the process has ended, or is about to
        code = self._child.wait()
        self._read_available()
        self._on_exit(self, code)

    def _read_available(self) -> bool:
        """False at the end of the output."""
        with self._lock:
            try:
                while chunk := os.read(self._pipe.fileno(), 65536):
                    self._output += chunk
                    self._on_output(chunk)
            except BlockingIOError:
                return True
        return False


class _Spawner:
    """Starts children from one thread that never ends.

    The kernel's parent-death signal is sent when the *thread* that forked ends, and LocalStack's threads come and go.
    """

    def __init__(self) -> None:
        self._requests: queue.SimpleQueue[tuple[Callable[[], subprocess.Popen[bytes]], Future]] = queue.SimpleQueue()
        self._start = threading.Lock()
        self._started = False

    def spawn(self, command: list[str], environment: dict[str, str], directory: str) -> "subprocess.Popen[bytes]":
        with self._start:
            if not self._started:
                threading.Thread(target=self._run, daemon=True, name="nlj-spawner").start()
                self._started = True

        def start() -> "subprocess.Popen[bytes]":
            return subprocess.Popen(
                command,
                cwd=directory,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )

        result: Future[subprocess.Popen[bytes]] = Future()
        self._requests.put((start, result))
        return result.result()

    def _run(self) -> None:
        while True:
            start, result = self._requests.get()
            try:
                result.set_result(start())
            except Exception as error:
                result.set_exception(error)


def _linux_parent_death_signal() -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    pr_set_pdeathsig, parent = 1, os.getpid()

    def arrange() -> None:
        prctl(pr_set_pdeathsig, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the line above
            os.kill(os.getpid(), signal.SIGKILL)

    return arrange


_die_with_parent = _linux_parent_death_signal()
_spawner = _Spawner()
